"""What a page weighs does not depend on how many articles there are: navigation is by lists, not in every page."""

from __future__ import annotations

import gzip
from pathlib import Path

from support import SMALL, article, haedap, write_tree

WATCHED = "faq/billing/watched"


def page(root: Path, count: int) -> bytes:
    """The HTML of one article among so many others."""
    others = {
        f"content/faq/area-{number % 20:02}/text-{number:04}.ko.md": article(f"질문 {number}", "짧은 답입니다.")
        for number in range(count)
    }
    files = {
        **SMALL,
        **others,
        f"content/{WATCHED}.ko.md": article("지켜보는 글", "하나.\n\n## 둘\n\n셋.", related="[faq/billing/refund]"),
    }
    write_tree(root, files)
    built = haedap("build", "--portal", "daon/ko", "--root", root, "--out", root / "site")
    assert built.returncode == 0, built.stdout + built.stderr
    return (root / f"site/daon/ko/{WATCHED}/index.html").read_bytes()


def test_one_article_among_hundreds_is_the_same_bytes_as_among_ten(tmp_path: Path) -> None:
    few, many = page(tmp_path / "few", 10), page(tmp_path / "many", 200)
    assert many == few
    assert len(gzip.compress(many, 9)) <= 12_000
