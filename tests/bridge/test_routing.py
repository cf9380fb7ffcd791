"""Rules: the first that fits decides, everything else is explained, and no inquiry falls through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from bridge.centre import load_centre
from bridge.cli import commands
from bridge.routing.rules import Facts, Routing, decide
from bridge.testing import BRAND, House, open_house, write_centre
from portal_builder.brand import Rule, When
from portal_builder.catalogue import load_tool_words
from portal_builder.problem import ContentError

ROUTES = """\
bridge:
  deliver:
    - {sink: smtp, name: desk, to: [kim@daon.example, lee@daon.example]}
    - {sink: smtp, name: english, to: en@daon.example}
    - {sink: smtp, name: chief, to: chief@daon.example}
  routes:
    - name: trouble
      when: {polarity: negative}
      to: chief
      also: true
    - {name: english, when: {language: en}, to: english}
    - {name: vip, when: {fields: {subject: "*VIP*", topic: other}}, to: [chief, english]}
    - {name: rest, to: desk, turns: true}
"""


def sinks(house: House, language: str = "ko", **answers: str) -> list[str]:
    receipt = house.take(language, None, **answers)
    return [name.partition("-")[0] for name in house.deliveries(receipt)]


def test_every_condition_decides(tmp_path: Path) -> None:
    with open_house(write_centre(tmp_path, brand=BRAND + ROUTES)) as house:
        assert sinks(house, language="en", topic="other") == ["english"]
        assert sinks(house, language="en", topic="delivery") == ["chief", "english"]
        assert sinks(house, topic="other", subject="이건 vip 문의") == ["chief", "english"]
        assert sinks(house, topic="other") == ["desk:kim"]
        assert sinks(house, topic="other") == ["desk:lee"]
        assert sinks(house, topic="delivery") == ["chief", "desk:kim"]


def test_turns_survive_a_restart(tmp_path: Path) -> None:
    turns = []
    for _ in range(4):
        with open_house(write_centre(tmp_path, brand=BRAND + ROUTES)) as house:
            turns += sinks(house, topic="other")
    assert turns == ["desk:kim", "desk:lee"] * 2


def test_without_rules_everything_goes_everywhere(tmp_path: Path) -> None:
    brand = BRAND + ROUTES.partition("  routes:")[0]
    with open_house(write_centre(tmp_path, brand=brand)) as house:
        assert sinks(house) == ["desk:kim", "desk:lee", "english", "chief"]


names = st.sampled_from(["a", "b", "c"])
rules = st.builds(
    Rule,
    when=st.builds(When, language=st.lists(names, max_size=2).map(tuple), form=st.lists(names, max_size=1).map(tuple)),
    to=st.lists(names, min_size=1, max_size=3).map(tuple),
    turns=st.booleans(),
    also=st.booleans(),
)


@given(st.lists(rules, max_size=5), names, names, st.integers(0, 9))
def test_no_inquiry_falls_through_and_each_place_gets_one(
    given_rules: list[Rule], form: str, language: str, turn: int
) -> None:
    """Whatever the rules: at least one delivery, none twice, only to entries that are there; every rule is told of."""
    deliveries = {"a": ("a",), "b": ("b:x", "b:y"), "c": ("c",)}
    facts = Facts(form, language)
    chosen = Routing("daon", given_rules, deliveries).choose(facts, lambda _, __: turn)
    assert chosen
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= {"a", "b:x", "b:y", "c"}
    decision = decide(given_rules, facts)
    assert len(decision.verdicts) == len(given_rules)
    for verdict in decision.verdicts:
        assert bool(verdict.differences) == (verdict.outcome == "differs")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{to: dekk}", "`to`: there is no `dekk`. Did you mean desk?"),
        ("{to: desk, when: {form: inquirry}}", "Did you mean inquiry?"),
        ("{to: desk, when: {language: fr}}", "there is no `fr`"),
        ("{to: desk, when: {polarity: bad}}", "there is no `bad`"),
        ("{to: desk, when: {cause: 배송지연}}", "Did you mean 배송-지연?"),
        ("{to: desk, when: {fields: {topik: other}}}", "Did you mean topic?"),
        ("{to: desk, when: {fields: {topic: othr}}}", "Did you mean other?"),
        ("{name: later, to: desk}", "`rest` takes every inquiry, so `later` never gets one"),
        ("{name: rest, to: desk}", "the rule `rest` is there twice"),
        ("{when: {language: ko}}", "to"),
    ],
)
def test_what_leads_nowhere_is_told_with_its_line(tmp_path: Path, rule: str, said: str) -> None:
    text = BRAND + ROUTES + f"    - {rule}\n"
    number = text[: text.index(f"    - {rule}")].count("\n") + 1
    with pytest.raises(ContentError) as caught:
        load_centre(write_centre(tmp_path, brand=text))
    told = [problem.text(load_tool_words("en").words) for problem in caught.value.problems]
    assert any(one.startswith(f"themes/daon/brand.yml:{number}:") and said in one for one in told), told


@pytest.mark.parametrize(
    ("bridge", "said"),
    [
        ("{deliver: [{sink: smtp, name: a}, {sink: smtp, name: b}], routes: [{to: a}]}", "sends anything to `b`"),
        ("{deliver: [{sink: smtp, name: a}, {sink: smtp, name: a}]}", "`a` is there twice"),
        ("{deliver: [{sink: smtp, name: 'A b'}]}", "cannot be a name"),
        ("{alarm: [{sink: zammad, url: 'https://z.example', token: z}]}", "`zammad` cannot tell a person"),
    ],
)
def test_what_is_wrong_with_entries_is_told(tmp_path: Path, bridge: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_centre(write_centre(tmp_path, brand=f"{BRAND}bridge: {bridge}\n"))
    assert any(said in problem.text(load_tool_words("en").words) for problem in caught.value.problems)


def route(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands(load_tool_words("en")), ["route", "--root", str(root), *arguments])


def test_route_explains_each_rule_and_takes_no_turn(tmp_path: Path) -> None:
    root = write_centre(tmp_path, brand=BRAND + ROUTES)
    with open_house(root) as house:
        house.take(topic="other")
    vip = "fields.subject would have to be *VIP*, and is nothing; fields.topic would have to be other, and is delivery"
    for _ in range(2):
        result = route(root, "--explain", "--field", "topic=delivery")
        assert result.exit_code == 0, result.output
        assert result.stdout.splitlines() == [
            "trouble: fits",
            "english: does not fit. language would have to be en, and is ko",
            f"vip: does not fit. {vip}",
            "rest: fits",
            "rest: one after the other, this time desk:lee-" + lee_of(result.stdout),
            "Goes to: chief, desk:lee-" + lee_of(result.stdout),
        ]


def lee_of(text: str) -> str:
    return text.rpartition("desk:lee-")[2][:4]


def test_route_as_json(tmp_path: Path) -> None:
    root = write_centre(tmp_path, brand=BRAND + ROUTES)
    tree = json.loads(route(root, "--json", "--language", "en", "--field", "topic=other").stdout)
    assert tree["to"] == ["english"]
    assert [one["outcome"] for one in tree["rules"]] == ["differs", "fits", "unreached", "unreached"]
    assert tree["rules"][0]["differences"] == [{"what": "polarity", "wanted": ["negative"], "found": []}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--brand", "x"), "no brand `x`"),
        (("--form", "x"), "no form `x`"),
        (("--language", "fr"), "no language `fr`"),
        (("--field", "x=1"), "no question `x`"),
        (("--field", "x"), "write name=value"),
    ],
)
def test_route_names_what_is_not_there(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = route(write_centre(tmp_path), *arguments)
    assert result.exit_code == 2
    assert said in result.output
