"""Output changes exactly at the instants that are named: random libraries, all IANA zones, both sides of each boundary.

`make timetable` looks at 10,000 of them; `HAEDAP_EXAMPLES` says how many.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_planner import CATALOGUES, brand, form

from portal_builder.article import Article, read_article
from portal_builder.centre import Centre
from portal_builder.check_articles import article_problems
from portal_builder.edition import Edition
from portal_builder.instant import parse_moment
from portal_builder.library import Library
from portal_builder.plan import plan
from portal_builder.zones import zone_names, zone_of

EXAMPLES = int(os.environ.get("HAEDAP_EXAMPLES", "30"))
BLINK = timedelta(microseconds=1)
NOT_BUILT = {"article.expires_first", "article.same_instant", "article.twice", "article.replaces_nothing"}
"""Problems of a timetable: with one of them nothing is built."""
IDS = ("faq/orders/a", "faq/orders/index", "notices/b")
FILES = ("content/{}.{}.md", "scheduled/{}.{}.md", "scheduled/{}@x.{}.md")


@cache
def jumps(zone: str) -> tuple[datetime, ...]:
    """What the clock on the wall shows on the days of 2026 on which it jumps; some day where it never does."""
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=step) for step in range(365)]
    offsets = [noon.astimezone(zone_of(zone)).utcoffset() for noon in noons]
    days = [noon for noon, one, other in zip(noons, offsets, offsets[1:], strict=False) if one != other]
    hours = [day + timedelta(hours=step) for day in days for step in range(25)]
    found = [hour for hour in hours if hour.astimezone(zone_of(zone)).utcoffset() != _an_hour_later(hour, zone)]
    return tuple(hour.astimezone(zone_of(zone)).replace(tzinfo=None) for hour in found) or (parse_moment("2026-06-01"),)


def _an_hour_later(hour: datetime, zone: str) -> timedelta | None:
    return (hour + timedelta(hours=1)).astimezone(zone_of(zone)).utcoffset()


@st.composite
def moments(draw: st.DrawFn, zone: str) -> str:
    """Wall-clock time close to a jump, on a grid so that moments meet, now and then with an offset of its own."""
    moment = draw(st.sampled_from(jumps(zone))) + timedelta(minutes=30 * draw(st.integers(-8, 8)))
    return f"{moment:%Y-%m-%d %H:%M}{draw(st.sampled_from(('', '', '', 'Z', '+09:00')))}"


@st.composite
def versions(draw: st.DrawFn, zone: str) -> Article:
    path = draw(st.sampled_from(FILES)).format(draw(st.sampled_from(IDS)), draw(st.sampled_from(("ko", "en"))))
    keys = [f"title: {path}", f"brand: {draw(st.sampled_from(('all', 'daon', 'lumi')))}"]
    if path.startswith("scheduled") or draw(st.booleans()):
        keys.append(f"publish_at: {draw(moments(zone))}")
    if draw(st.booleans()):
        keys.append(f"expire_at: {draw(moments(zone))}")
    if draw(st.booleans()):
        keys.append(f"instead: {draw(st.sampled_from((IDS[0], IDS[2])))}")
    article, problems = read_article("---\n{}\n---\ntext\n".format("\n".join(keys)), path)
    assert article is not None, problems
    return article


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    """Two brands in zones of the same two days, one or two languages each, up to four versions."""
    zone = draw(st.sampled_from(sorted(zone_names())))
    languages = draw(st.sampled_from((("ko", "en"), ("en", "ko"), ("ko",))))
    fallback = draw(st.sampled_from(("notice", "omit", "link")))
    brands = {"daon": brand("daon", zone, languages, fallback)}
    if draw(st.booleans()):
        brands["lumi"] = brand("lumi", draw(st.sampled_from(sorted(zone_names()))), ("ko",), "notice")
    found = draw(st.lists(versions(zone), min_size=1, max_size=4, unique_by=lambda one: one.path))
    library = Library(tuple(found), {})
    centre = Centre(Path("nowhere"), library, brands, {"inquiry": form()}, CATALOGUES, "", {}, ())
    assume(not any(problem.key in NOT_BUILT for problem in article_problems(centre)))
    return centre


def shown(centre: Centre, at: datetime) -> list[Edition]:
    return [plan(centre, portal, at) for portal in centre.portals()]


def boundaries(centre: Centre) -> list[datetime]:
    """Every instant that any text names for any brand, read by nothing of ours but the zone."""
    return sorted(
        {
            (moment if moment.tzinfo else moment.replace(tzinfo=zone_of(brand.file.zone))).astimezone(UTC)
            for brand in centre.brands.values()
            for article in centre.library.articles
            for moment in (article.publish_at, article.expire_at)
            if moment
        }
    )


@given(centres())
@settings(max_examples=EXAMPLES)
def test_output_changes_exactly_at_the_instants_that_are_named(centre: Centre) -> None:
    """On both sides of a boundary the editions differ if, and only if, the agenda names it; between two they do not."""
    edges = boundaries(centre)
    now = datetime(2025, 12, 1, tzinfo=UTC)
    before, named = shown(centre, now), now
    for edge in edges:
        assert shown(centre, edge - BLINK) == before  # nothing since the last boundary
        after = shown(centre, edge)
        if before != after:
            assert centre.next_change(named) == edge
            assert {change.at for change in centre.agenda.changes_at(edge)} == {edge}
            named = edge
        else:
            assert centre.agenda.changes_at(edge) == ()
        before = after
    assert centre.next_change(named) is None
