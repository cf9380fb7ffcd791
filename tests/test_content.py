"""The shipped help centre: three brands to live with, without a problem."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from portal_builder.centre import load_centre
from portal_builder.check import check
from portal_builder.commands.translating import speaking
from portal_builder.selection import Selection
from portal_builder.translating.standing import standings
from support import REPOSITORY

CENTRE = load_centre(REPOSITORY)
AREAS = {"faq/billing", "faq/orders", "faq/shipping", "faq/returns", "faq/accounts"}
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def test_it_has_no_problem() -> None:
    """`haedap check` finds nothing."""
    assert check(CENTRE) == ()


def test_it_is_as_large_as_life() -> None:
    """Three brands, forty Korean articles and more, English and Japanese in part, texts that wait, one that is over."""
    articles = [article for article in CENTRE.library.articles if not article.is_index]
    count = {lang: sum(article.language == lang for article in articles) for lang in ("ko", "en", "ja")}
    assert len(CENTRE.brands) == 3
    assert count["ko"] >= 40
    assert 0 < count["ja"] <= count["en"] < count["ko"]
    assert sum(article.is_scheduled for article in articles) >= 2
    assert any(article.meta.severity == "outage" and article.meta.pinned for article in articles)


@pytest.mark.parametrize("brand", sorted(CENTRE.brands))
def test_every_brand_answers_in_the_five_areas(brand: str) -> None:
    """Billing, orders, shipping, returns and accounts: at least three answers each (mission, 1.5)."""
    shown = Selection(CENTRE.library, CENTRE.brands[brand], "ko", AT).articles()
    folders = [entry.article.folder for entry in shown]
    for area in AREAS:
        assert folders.count(area) >= 3, area


def test_nothing_promises_what_nobody_can_keep() -> None:
    """No text says at once, without fail, one hundred per cent (mission, 1.6)."""
    for article in CENTRE.library.articles:
        if article.language == "ko":
            assert not re.search(r"무조건|100 ?%|즉시 (답변|환불|처리)", article.text), article.path


def test_every_translation_is_stamped_and_says_what_its_source_says_now() -> None:
    """`haedap i18n status` counts nothing but current ones, and those that nobody has written yet."""
    brands, speaks = CENTRE.brands.values(), speaking(CENTRE)
    found = {(one.state, one.path) for one in standings(CENTRE.library, brands, AT, speaks)}
    assert {pair for pair in found if pair[0] not in {"current", "missing"}} == set()
