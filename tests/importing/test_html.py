"""Folders of HTML pages come over: their text without the site around it."""

from __future__ import annotations

from pathlib import Path

from support import SMALL, haedap, write_tree

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>'


def page(body: str, title: str = "누리 고객센터", head: str = "", language: str = "ko") -> str:
    frame = '<nav><a href="/">메뉴</a></nav>{}<footer>바닥글</footer>'.format(f"<main>{body}</main>")
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title}</title>{head}</head><body>{frame}</body></html>'
    )


PAGES: dict[str, str | bytes] = {
    "in/index.html": page("<h1>누리</h1><p>첫 화면</p>"),
    "in/billing/index.html": page("<h1>결제</h1>", head='<meta name="description" content="돈 이야기">'),
    "in/billing/refund.html": page(
        '<h1>환불</h1><p>카드는 <a href="card.html#%EA%B8%B0%EA%B0%84">여기</a>, <a href="../index.html">처음</a>,'
        ' <a href="/billing/">결제</a>. <img src="../img/steps.svg" alt="세 단계"></p>'
        "<table><tr><td rowspan=2>가</td><td>나</td></tr><tr><td>다</td></tr></table>",
        head='<meta name="description" content="환불이 들어오는 때"><link rel="canonical" '
        'href="https://help.nuri.example/billing/refund">',
    ),
    "in/billing/card.html": page(
        "<p>카드</p><h2>기간</h2><ul><li>하나<ul><li>둘</li></ul></li></ul>", "카드 취소 | 누리"
    ),
    "in/en/billing/refund.html": page("<h1>Refund</h1><p>Soon</p>", language="en"),
    "in/old/cp949.html": page("<h1>옛 글</h1><p>똠방각하</p>", head='<meta charset="euc-kr">').encode("cp949"),
    "in/img/steps.svg": SVG,
}


def test_pages_come_over_check_and_build(tmp_path: Path) -> None:
    """Main text, titles, summaries, categories, translations by `lang`, pictures, links, old encodings."""
    root = write_tree(tmp_path / "centre", SMALL)
    write_tree(tmp_path, PAGES)
    done = haedap("import", tmp_path / "in", "--root", root, "--kind", "guides", HAEDAP_LANG="ko")
    assert done.returncode == 0, done.stderr
    assert "HTML 페이지" in done.stdout
    guides = root / "content/guides"
    refund = (guides / "billing/refund.ko.md").read_text("utf-8")
    assert refund.startswith("---\ntitle: 환불\nsummary: 환불이 들어오는 때\nredirect_from:\n- billing/refund\n")
    assert "[여기](card.ko.md#기간), 처음, [결제](index.ko.md). ![세 단계](images/steps-" in refund
    assert '<table><tr><td rowspan="2">가</td>' in refund
    assert "메뉴" not in refund
    assert "바닥글" not in refund
    assert "title: 카드 취소\n" in (guides / "billing/card.ko.md").read_text("utf-8")
    assert "-   하나\n    -   둘" in (guides / "billing/card.ko.md").read_text("utf-8")
    assert "summary: 돈 이야기" in (guides / "billing/index.ko.md").read_text("utf-8")
    assert "title: Refund" in (guides / "billing/refund.en.md").read_text("utf-8")
    assert "똠방각하" in (guides / "old/cp949.ko.md").read_text("utf-8")
    checked = haedap("check", "--root", root)
    assert checked.returncode == 0, checked.stdout
    built = haedap("build", "--root", root)
    assert built.returncode == 0, built.stderr
    assert (root / "build/site/daon/ko/billing/refund.html/index.html").is_file()


def test_a_single_page_comes_over(tmp_path: Path) -> None:
    """A file in the place of a folder."""
    root = write_tree(tmp_path / "centre", SMALL)
    file = write_tree(tmp_path, {"one.html": page("<h1>하나</h1><p>글</p>")}) / "one.html"
    assert haedap("import", file, "--root", root).returncode == 0
    assert (root / "content/faq/one.ko.md").is_file()


def test_a_folder_of_nothing_is_not_recognised(tmp_path: Path) -> None:
    """Wrong usage, with what could have been meant."""
    root = write_tree(tmp_path / "centre", SMALL)
    write_tree(tmp_path, {"in/readme.txt": "hello"})
    done = haedap("import", tmp_path / "in", "--root", root)
    assert done.returncode == 2
    assert "zendesk" in done.stderr
