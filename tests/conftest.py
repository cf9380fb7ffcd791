"""Makes the helpers beside the tests importable wherever pytest is started, and says how Hypothesis searches."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
sys.path.insert(0, str(Path(__file__).parent.parent))  # bench

settings.register_profile(
    "haedap",
    deadline=None,  # machines are shared: a slow example is no fault
    suppress_health_check=[HealthCheck.too_slow],  # the same while examples are made
    derandomize="CI" in os.environ,  # a landing does not depend on chance; every other run looks further
)
settings.load_profile("haedap")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a third of the time a test waits, for a browser, a server or a disk."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say so where groups are not heeded: every worker would make what one of them makes for all."""
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if getattr(config.option, "loadgroup", False) and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError("this pytest-xdist does not see the groups of tests with this pytest")
