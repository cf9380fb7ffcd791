"""What a form offers: answers by what is chosen, and the notices that concern the matter, while they are out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal_builder.centre import Portal, load_centre
from portal_builder.plan import plan
from support import FORM, SMALL, article, write_tree

TOPICS = """\
  - name: topic
    type: select
    label: {ko: 주제, en: Topic}
    options:
      - {value: pay, label: {ko: 결제, en: Payment}, suggest: [faq/billing/failed]}
      - {value: ship, label: {ko: 배송, en: Delivery}, suggest: [faq/shipping/late]}
"""
CENTRE = {
    **SMALL,
    "content/forms/inquiry.yml": FORM.replace("fields:\n", f"suggest: [faq/billing/refund]\nfields:\n{TOPICS}"),
    "content/faq/billing/failed.ko.md": article("결제 실패"),
    "content/faq/shipping/late.ko.md": article("늦은 배송"),
    "content/notices/outage.ko.md": article(
        "결제 장애", severity="outage", related="[faq/billing/failed]",
        publish_at="2026-11-20 09:00", expire_at="2026-11-21 09:00",
    ),
    "content/notices/news.ko.md": article("새 소식", related="[faq/shipping/late]"),
}  # fmt: skip  # a file a line


def offered(root: Path, at: str) -> list[dict[str, Any]]:
    edition = plan(load_centre(root), Portal("daon", "ko"), datetime.fromisoformat(at).astimezone(UTC))
    page = edition.page("contact/inquiry/")
    assert page is not None
    return [{name: one[name] for name in ("title", "when", "severity")} for one in page.meta["form"]["suggest"]]


ANSWERS = [
    {"title": "환불", "when": None, "severity": None},
    {"title": "결제 실패", "when": "topic=pay", "severity": None},
    {"title": "늦은 배송", "when": "topic=ship", "severity": None},
]
OUTAGE = {"title": "결제 장애", "when": "topic=pay", "severity": "outage"}


def test_a_notice_stands_first_where_its_matter_is_chosen(tmp_path: Path) -> None:
    """Only what says how grave it is: news are no warning."""
    assert offered(write_tree(tmp_path, CENTRE), "2026-11-20T12:00+09:00") == [OUTAGE, *ANSWERS]


def test_it_comes_and_goes_with_the_notice(tmp_path: Path) -> None:
    root = write_tree(tmp_path, CENTRE)
    for at in ("2026-11-20T08:59+09:00", "2026-11-21T09:00+09:00"):
        assert offered(root, at) == ANSWERS
