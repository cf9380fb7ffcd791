"""The shipped help centre, as it is built for the browser tests, has nothing that the audit would mend."""

from __future__ import annotations

import pytest
from e2e.town import Town

from support import REPOSITORY, haedap

pytestmark = pytest.mark.xdist_group("browser")  # one town for all of them


def test_the_shipped_portals_have_nothing_to_mend(town: Town) -> None:
    """Every portal of the three brands, by all rules."""
    run = haedap("audit", "--root", REPOSITORY, "--out", town.data.parent / "site")
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
