"""A sink is one file found by its name; what brand.yml says of it is checked at start, each fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.centre import load_centre
from bridge.testing import BRAND, write_centre
from portal_builder.catalogue import load_tool_words
from portal_builder.problem import ContentError


def problems(root: Path, deliver: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_centre(write_centre(root, brand=f"{BRAND}bridge:\n  deliver:\n{deliver}"))
    return [problem.text(load_tool_words("en").words) for problem in caught.value.problems]


def test_without_an_entry_mail_goes_to_the_brand(tmp_path: Path) -> None:
    (route,) = load_centre(write_centre(tmp_path)).routes["daon"]
    assert route.name == "smtp"


def test_two_of_a_kind_have_names_of_their_own(tmp_path: Path) -> None:
    deliver = "bridge: {deliver: [{sink: smtp, to: a@b.example}, {sink: smtp, to: [c@d.example, e@f.example]}]}\n"
    routes = load_centre(write_centre(tmp_path, brand=BRAND + deliver)).routes["daon"]
    assert [route.name for route in routes] == ["smtp", "smtp-2"]


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    told = problems(tmp_path, "    - {sink: smpt}\n    - sink: smtp\n      too: a@b.example\n    - {to: x}\n")
    assert told[0].startswith("themes/daon/brand.yml:10: there is no sink `smpt`. Did you mean smtp?")
    assert told[1].startswith("themes/daon/brand.yml:12:")
    assert "too" in told[1]
    assert told[2].startswith("themes/daon/brand.yml:13: there is no sink ``.")


def test_a_wrong_address_is_told_with_its_line(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "    - sink: smtp\n      to: [a@b.example, nowhere]\n")
    assert told.startswith("themes/daon/brand.yml:11:")


def test_a_language_without_words_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load_centre(write_centre(tmp_path, brand=BRAND.replace("[ko, en]", "[ko, mn]")))
    assert "bridge.no_words" in [problem.key for problem in caught.value.problems]
