"""Nothing of a text that is not to be found reaches the index: not its words, not its title, not its keywords."""

from __future__ import annotations

from pathlib import Path

from support import SMALL, article, haedap, write_tree


def test_an_excluded_or_waiting_text_leaves_no_byte_in_the_index(tmp_path: Path) -> None:
    """A canary in an excluded and in a waiting article is in no file of the index; one in an open article is."""
    keys = {"search": "{keywords: [카나리아비밀], exclude: true}"}
    files = {
        "content/faq/billing/hidden.ko.md": article("zqcanaryone", "zqcanaryone 숨김", **keys),
        "scheduled/faq/billing/later.ko.md": article("zqcanarytwo", "zqcanarytwo", publish_at="2199-01-01"),
        "content/faq/billing/open.ko.md": article("zqopen", "zqopen 공개"),
    }
    run = haedap("build", "--root", write_tree(tmp_path, {**SMALL, **files}), "--portal", "daon/ko")
    assert run.returncode == 0, run.stdout + run.stderr
    index = tmp_path / "build/site/daon/ko/search"
    said = "\n".join(file.read_text("utf-8") for file in index.iterdir() if file.name != "search.js")
    names = "\n".join(file.name for file in index.iterdir())
    assert "zqopen" in said
    for canary in ("zqcanary", "카나리아비밀", "hidden", "later"):
        assert canary not in said + names
