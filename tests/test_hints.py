"""The hints of `check`: the audit's cheap part, told from the sources with file and line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_audit import FILES, SVG

from portal_builder.audit.walk import audit
from portal_builder.catalogue import load_tool_words
from portal_builder.centre import load_centre
from portal_builder.hints.tell import Hint, hints
from support import FORM, REPOSITORY, article, haedap, write_tree

Files = dict[str, str | bytes]
AT = datetime(2026, 11, 20, tzinfo=UTC)
A = "content/faq/billing/one.ko.md"
FORM_FILE, BRAND_FILE = "content/forms/inquiry.yml", "themes/daon/brand.yml"
ROW = "| x | y |\n"


def text(body: str, **keys: str) -> Files:
    """Another text in the place of one, its first line being the sixth of the file."""
    return {A: article("그림", body, summary="요약", **keys)}


def wide(count: int) -> str:
    return "가 " * (count // 3)


def brand(before: str, after: str) -> Files:
    told = str(FILES[BRAND_FILE])
    assert before in told
    return {BRAND_FILE: told.replace(before, after)}


# name: (files laid over the good help centre, where the hint is, its type, its rule)
FAULTS: dict[str, tuple[Files, str, str, str]] = {
    "no summary": ({A: article("그림", "1. 하나")}, f"{A}:1", "C", "no_summary"),
    "no text": (text(""), f"{A}:1", "C", "empty"),
    "long paragraph": (text(f"짧다\n\n{wide(700)}\n{wide(700)}"), f"{A}:8", "C", "paragraph_long"),
    "no headings": (text(f"{wide(500)}\n\n- x\n\n" * 6), f"{A}:1", "C", "no_headings"),
    "no steps": (text("## x\n\n" + f"{wide(500)}\n\n" * 4), f"{A}:1", "C", "no_steps"),
    "long list": (
        {f"content/faq/billing/n{number}.ko.md": article("글", "1. 하나", summary="x") for number in range(31)},
        "content/faq/billing:1", "C", "list_long",
    ),
    "picture without description": (text("글\n\n![](a.svg)"), f"{A}:8", "E", "no_alt"),
    "picture in HTML without description": (text('글\n\n<img src="a.svg">'), f"{A}:8", "E", "no_alt"),
    "picture that says no size": (
        {**text("![그림](b.svg)"), "content/faq/billing/b.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"},
        f"{A}:6", "E", "no_size",
    ),
    "heavy picture": (
        {**text("![그림](a.svg)"), "content/faq/billing/a.svg": SVG.encode() + b" " * 600_000},
        f"{A}:6", "E", "picture_heavy",
    ),
    "picture of another host": (text("![그림](https://x.example/a.png)"), f"{A}:1", "E", "stranger"),
    "wide table": (text("글\n\n" + "| x | x | x | x | x | x |\n" + "|---" * 6 + "|\n"), f"{A}:8", "E", "table_wide"),
    "long table": (text("| a | b |\n|---|---|\n" + ROW * 40), f"{A}:6", "E", "table_long"),
    "frame too wide": (text('<iframe width="560" title="x"></iframe>'), f"{A}:1", "E", "too_wide"),
    "link that says here": (text("글\n\n[여기](../orders/one.ko.md)"), f"{A}:8", "A", "vague_link"),
    "link without words": (text("[](../orders/one.ko.md)"), f"{A}:6", "A", "nameless_link"),
    "link one character wide": (text("[1](../orders/one.ko.md)"), f"{A}:6", "E", "tiny_link"),
    "form unexplained": (
        {FORM_FILE: FORM.replace("fields:", "suggest: [faq/billing/one]\nfields:")},
        f"{FORM_FILE}:1", "B", "form_unexplained",
    ),
    "form without answers": (
        {FORM_FILE: FORM.replace("fields:", "summary: 무엇이든\nfields:")}, f"{FORM_FILE}:1", "B", "form_alone",
    ),
    "no promise": (brand("promise: {hours: 24}\n", ""), f"{BRAND_FILE}:1", "D", "no_promise"),
    "broken address": (brand("help@daon.example, u", "help@daon, u"), f"{BRAND_FILE}:10", "D", "channel_broken"),
    "area without an article": (
        {"content/faq/returns/one.ko.md": article(brand="lumi", summary="x"),
         "themes/lumi/brand.yml": FILES[BRAND_FILE]},
        "content/faq/returns:1", "B", "area",
    ),
}  # fmt: skip  # one fault a line


def told(root: Path) -> tuple[Hint, ...]:
    return hints(load_centre(root), AT, is_sound=True)


def test_a_good_help_centre_gets_no_hints(tmp_path: Path) -> None:
    """And the command says only that all is well."""
    run = haedap("check", "--strict", "--root", write_tree(tmp_path, FILES))
    assert (run.returncode, run.stdout, run.stderr) == (0, "All is well: 5 articles, 1 portals.\n", "")


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_hinted_at_where_it_stands(tmp_path: Path, name: str) -> None:
    """One fault, one hint: file, line, type, and a remedy in Korean and in English."""
    files, place, kind, rule = FAULTS[name]
    found = [one for one in told(write_tree(tmp_path, {**FILES, **files})) if one.rule == rule]
    assert [(f"{one.path}:{one.line}", one.kind) for one in found] == [(place, kind)]
    for language in ("ko", "en"):
        assert found[0].text(load_tool_words(language).words).startswith(f"{place}: {kind}. ")


MARKDOWN = """\
!!! note "알아 두세요"
    안에 있는 글

```text
| 코드 | 안 |
|---|---|

[여기](x) ![](y.png) <iframe width="900">
```

??? question "물음"
    답 `![](z.png)` 과 <!-- ![](w.png) --> 글

1. 하나

    이어지는 글

=== "탭"
    ![설명](a.svg)

| a | b |
|---|---|
| 1 | 2 |
"""


def test_code_and_comments_are_no_fault(tmp_path: Path) -> None:
    """Marks within code, however they look, are words."""
    assert told(write_tree(tmp_path, {**FILES, **text(MARKDOWN)})) == ()


def test_hints_and_audit_agree(tmp_path: Path) -> None:
    """Of the same help centre the built portals say everything that the sources hinted at, of the same texts."""
    spoilt: Files = {}
    for number, (files, _, _, rule) in enumerate(FAULTS.values()):
        if set(files) == {A} and rule != "empty":
            spoilt[f"content/faq/billing/n{number}.ko.md"] = files[A]
    root = write_tree(tmp_path, {**FILES, **spoilt, **text("")})
    run = haedap("build", "--root", root, "--at", "2026-11-20")
    assert run.returncode == 0, run.stdout + run.stderr
    said = {(one.path, one.rule) for one in audit(root, root / "build/site", ["daon/ko"]).reports}
    hinted = {(one.path, one.rule) for one in told(root)}
    assert len(hinted) >= len(spoilt)
    assert hinted - said == set()
    assert said - hinted == set()


def test_texts_that_wait_are_judged_before_they_are_out(tmp_path: Path) -> None:
    """A scheduled text gets its hints while there is time to mend it."""
    path = "scheduled/notices/x.ko.md"
    waiting: Files = {
        path: article("공지", "![](a.png)", publish_at="2026-12-01", summary="x"),
        "scheduled/notices/a.png": b"x",
    }
    assert ("no_alt", path, 7) in {
        (one.rule, one.path, one.line) for one in told(write_tree(tmp_path, {**FILES, **waiting}))
    }


def test_hints_change_no_exit_code_but_a_strict_one(tmp_path: Path) -> None:
    """Printed after the good news or the problems; `--strict` counts them; in JSON each says its level."""
    root = write_tree(tmp_path, {**FILES, A: article("그림", "글")})
    lenient = haedap("check", "--root", root, HAEDAP_LANG="ko")
    assert lenient.returncode == 0
    assert lenient.stdout.splitlines()[1].startswith(f"{A}:1: C. ")
    assert haedap("check", "--root", root, "--strict").returncode == 1
    tree = json.loads(haedap("check", "--root", root, "--json").stdout)
    assert [(one["level"], one["key"], one["path"], one["kind"]) for one in tree] == [
        ("hint", "audit.no_summary", A, "C")
    ]
    write_tree(root, {A: article("그림", "글", sumary="x"), "content/faq/x.ko.md": article("그림", "글")})
    broken = haedap("check", "--root", root)
    assert broken.returncode == 1
    problem, *rest = broken.stdout.splitlines()
    assert "Did you mean summary?" in problem
    assert rest[-1].startswith("content/faq/x.ko.md:1: C. ")


def test_the_shipped_content_gets_no_hint() -> None:
    """What the product ships practises what it says."""
    assert told(REPOSITORY) == ()
