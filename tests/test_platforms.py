"""Articles and parts of them for some devices: named where they are listed and read, all of them there for machines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.plan import plan
from portal_builder.platforms import offered, with_names
from portal_builder.search.pages import documents_of
from support import SMALL, article, haedap, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
STEPS = """\
먼저

1. 설정을 엽니다.

    <!-- platform: ios -->
    공유를 누릅니다.

    ~~~
    <!-- platform: code -->
    ~~~
    <!-- /platform -->

2. 끝냅니다.

<!-- platform: android, windows -->
## 점 세 개

[문의](../../forms/inquiry.yml)를 누릅니다.
<!-- /platform -->
나중
"""
FILES = {
    **SMALL,
    "content/faq/billing/steps.ko.md": article("단계", STEPS),
    "content/faq/billing/app.ko.md": article("앱에서만", platform="[android, ios]"),
}


def test_readers_and_machines_get_every_part_below_its_name(tmp_path: Path) -> None:
    """In a list too, without a script; lists, search, the twin and llms.txt say for which devices an article is."""
    root = write_tree(tmp_path, FILES)
    built = haedap("build", "--portal", "daon/ko", "--root", root)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "MkDocs" not in built.stdout + built.stderr
    portal = root / "build/site/daon/ko"
    page, listed = ((portal / f"faq/billing/{name}index.html").read_text("utf-8") for name in ("steps/", ""))
    ios = '<div class="admonition platform platform-ios">\n<p class="admonition-title">아이폰·아이패드</p>'
    text = page[page.index('class="text"') :]
    assert text.index("<ol>") < text.index(ios) < text.index("끝냅니다") < text.index("</ol>")
    assert 'class="admonition platform platform-android platform-windows"' in page
    assert page.count("admonition-title") == 2
    assert "&lt;!-- platform: code --&gt;" in page
    assert 'href="../../../contact/inquiry/"' in page
    assert 'platform.js" data-offers="ios android windows "' in page
    assert listed.count('class="chip platforms"') == 1
    assert "아이폰·아이패드, 안드로이드" in listed
    assert "platform.js" not in listed
    centre = load_centre(root)
    edition = plan(centre, Portal("daon", "ko"), AT)
    titles = {document.title: document.text for document in documents_of(edition, portal)}
    assert "앱에서만 (아이폰·아이패드, 안드로이드)" in titles
    assert "공유를 누릅니다" in titles["단계"]
    assert "점 세 개" in titles["단계"]
    assert "공유를 누릅니다" in edition.files["faq/billing/steps/index.md"]
    assert "아이폰·아이패드, 안드로이드" in edition.files["faq/billing/app/index.md"]
    assert "[앱에서만 (아이폰·아이패드, 안드로이드)]" in edition.files["llms.txt"]


def test_a_text_without_parts_stays_as_it_is() -> None:
    assert with_names("eins <!-- ein Kommentar -->\n", str.upper) == "eins <!-- ein Kommentar -->\n"
    assert offered("<!-- platform: web, ios -->\na\n<!-- /platform -->") == ["ios", "web"]


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("하나\n<!-- platform: ios -->\n둘", 7, "platform.open"),
        ("하나\n<!-- /platform -->", 7, "platform.close"),
        ("<!-- platform: ios -->\n<!-- platform: windows -->\n<!-- /platform -->", 7, "platform.nested"),
        ("<!-- platform: -->\n둘\n<!-- /platform -->", 6, "platform.nobody"),
        ("<!-- platform: iso -->\n둘\n<!-- /platform -->", 6, "platform.unknown"),
        ("하나 <!-- platform: ios -->둘<!-- /platform -->", 6, "platform.line"),
        ("<!-- platform: ios, web -->\n둘\n<!-- /platform -->", 6, "platform.never"),
        ("<!-- platform: pc -->\n<!-- brand: daon -->\n둘\n<!-- /platform -->\n<!-- /brand -->", 6, None),
    ],
)
def test_a_wrong_part_is_named_with_its_line(tmp_path: Path, text: str, line: int, key: str | None) -> None:
    name = "content/faq/billing/wrong.ko.md"
    root = write_tree(tmp_path, {**SMALL, name: article("글", text, platform="[ios, windows]")})
    found = {(one.path, one.line, one.key) for one in check(load_centre(root))}
    assert found == ({(name, line, key)} if key else set())


def test_an_unknown_device_of_an_article_is_named(tmp_path: Path) -> None:
    name = "content/faq/billing/wrong.ko.md"
    root = write_tree(tmp_path, {**SMALL, name: article("글", platform="[ios, andriod]")})
    problem = check(load_centre(root))[0]
    assert (problem.path, problem.line, problem.key) == (name, 3, "platform.unknown")
    assert dict(problem.values)["nearest"] == "android"
