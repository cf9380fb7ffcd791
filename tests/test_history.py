"""When a text was last changed: real repositories, and the date that readers see."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.centre import load_centre
from portal_builder.history import committed
from portal_builder.plan import plan
from support import SMALL, write_tree

ARTICLE = "content/faq/billing/환불.ko.md"
TEXT = "---\ntitle: 환불\n---\n{}\n"


def git(folder: Path, *arguments: str, on: str = "2026-11-01") -> None:
    who = {"GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.com", "GIT_CONFIG_GLOBAL": "/dev/null"}
    who |= {"GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@example.com", "GIT_COMMITTER_DATE": f"{on}T00:00:00Z"}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **who}, check=True, capture_output=True)


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """Written on the first of November, the text changed on the fifth, moved on the ninth."""
    root = write_tree(tmp_path / "centre", {**SMALL, "content/faq/billing/old.ko.md": TEXT.format("하나")})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    (root / "content/faq/billing/old.ko.md").write_text(TEXT.format("둘"), "utf-8")
    git(root, "commit", "-qam", "second", on="2026-11-05")
    git(root, "mv", "content/faq/billing/old.ko.md", ARTICLE)
    git(root, "commit", "-qm", "third", on="2026-11-09")
    return root


def test_the_newest_change_counts_and_moving_is_none(centre: Path) -> None:
    assert committed(centre)[ARTICLE] == datetime(2026, 11, 5, tzinfo=UTC)


def test_a_help_centre_may_be_a_folder_of_a_repository(tmp_path: Path, centre: Path) -> None:
    (centre / ".git").rename(tmp_path / ".git")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-qm", "moved as a whole", on="2026-11-12")
    assert committed(centre).get(ARTICLE) == datetime(2026, 11, 12, tzinfo=UTC)  # came from outside the folder


def test_who_knows_nothing_says_nothing(tmp_path: Path, centre: Path) -> None:
    """No repository, and a clone that holds only the last commit."""
    assert committed(write_tree(tmp_path / "plain", SMALL)) == {}
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{centre}", "shallow")
    assert committed(tmp_path / "shallow") == {}


@pytest.mark.parametrize(
    ("changed", "publish_at", "shown"),
    [
        ("2026-11-05T16:00:00Z", "", "2026-11-06"),  # already the sixth in Seoul
        ("2026-11-05T16:00:00Z", "publish_at: 2026-11-10\n", "2026-11-10"),  # nobody has seen it earlier
        ("2026-12-05T16:00:00Z", "", None),  # a look into the past does not know the future
    ],
)
def test_readers_see_the_day_in_the_brands_zone(
    tmp_path: Path, changed: str, publish_at: str, shown: str | None
) -> None:
    text = f"---\ntitle: 환불\n{publish_at}---\n하나\n"
    root = write_tree(tmp_path, {**SMALL, ARTICLE: text})
    centre = load_centre(root, {ARTICLE: datetime.fromisoformat(changed)})
    (portal,) = [portal for portal in centre.portals() if portal.language == "ko"]
    page = plan(centre, portal, datetime(2026, 11, 20, tzinfo=UTC)).page("faq/billing/환불/")
    assert page is not None
    assert (page.meta["updated"] and page.meta["updated_iso"][:10]) == shown
