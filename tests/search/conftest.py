"""An index that several files of tests ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from search.corpus import KOREAN, SYNONYMS

from portal_builder.search.write import write_index


@pytest.fixture(scope="session")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ko")
    write_index(KOREAN, "ko", folder, SYNONYMS)
    return folder
