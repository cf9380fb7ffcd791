"""Moments on the clocks of the world: the table of docs/schedule.md, exact to the second, on any machine."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from test_docs import rows, section

from portal_builder.instant import instant, parse_moment
from portal_builder.zones import zone_names, zone_of

TABLE = [tuple(cell.strip("`") for cell in row[:4]) for row in rows(section("docs/schedule.md", "Clocks that jump"))]


@pytest.mark.parametrize(("zone", "written", "utc", "shown"), TABLE, ids=lambda cell: str(cell).replace(" ", "T"))
def test_a_clock_that_jumps_has_a_documented_meaning(zone: str, written: str, utc: str, shown: str) -> None:
    """Each line of the table: what is written, the instant it means, and what the clock on the wall shows then."""
    meant = instant(parse_moment(written), zone_of(zone))
    assert f"{meant:%Y-%m-%d %H:%M}" == utc
    assert f"{meant.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}" == shown


def test_the_table_has_every_kind_of_jump() -> None:
    """A zone without any, both hemispheres, half an hour, saving that is taken away, and a day that never was."""
    assert {zone for zone, *_ in TABLE} == {
        "Asia/Seoul",
        "America/New_York",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
    }
    assert len(TABLE) >= 20


def test_every_zone_keeps_the_order_of_moments() -> None:
    """In every IANA zone a later moment never means an earlier instant than one that is a day and more before it."""
    first = parse_moment("2026-01-01")
    moments = [first + timedelta(hours=25 * step) for step in range(400)]
    assert len(zone_names()) > 400
    for name in sorted(zone_names()):
        meant = [instant(moment, zone_of(name)) for moment in moments]
        assert meant == sorted(meant), name


def test_a_machine_without_zones_or_with_old_ones_means_the_same() -> None:
    """The zones are those of the lock file: an empty zone path changes nothing, nor does the machine's own zone."""
    code = """if True:
        from portal_builder.instant import instant, parse_moment
        from portal_builder.zones import zone_names, zone_of
        print(len(zone_names()), instant(parse_moment("2026-09-06"), zone_of("America/Santiago")))
    """
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, text=True, check=True
        ).stdout
        for env in ({}, {"PYTHONTZPATH": ""}, {"PYTHONTZPATH": "/nowhere", "TZ": "Pacific/Kiritimati"})
    }
    assert len(said) == 1
    assert "2026-09-06 04:00:00+00:00" in said.pop()
