"""The quick way for plain texts writes what Python-Markdown writes, or refuses: texts of a grammar that is plain and
nearly plain, what is shipped, what is measured. `HAEDAP_EXAMPLES` says how many of the first are tried."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from test_engines import planned

from bench.build import corpus
from portal_builder.lean.config import Dialect, config_of, is_shipped
from portal_builder.lean.convert import Converter
from portal_builder.lean.plain import QuickWay
from portal_builder.project import Project, Sheet
from portal_builder.shipped import shipped
from support import REPOSITORY

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("HAEDAP_EXAMPLES", "300"))
WORDS = (
    "환불", "배송은", "가", "a", "B", "word", "snake_case", "2", "2026", "3.5", "1)", "1.", "ß", "注文", "Straße",
    "é", "…", "(괄호)", "“인용”", '"q"', "'", "10:30", "a:b", ":", ";", ",", ".", "!", "?", "~", "%", "/", "-", "+",
    "=", "|", ">", "}", ")", "\u3000", "\xa0", "\u200b", "°", "C#", "#", "@", "$5", "http://x.example", "ﬁ", "İ",
    "<", "&",
)  # fmt: skip  # words
MARKS = (
    "**", "*", "_", "__", "`", "``", "[", "]", "(", ")", "![", "](", "](a.md)", "](../b/c.md#d)",
    "](https://x.example/?a=b)", "](#여기)", "](<a b>)", '](a.md "t")', "](a b)", "](a(b))", "](a_b.svg)",
    "](a*b*)", "](x:y)", "{", "}", "{ width=1 height=2 }", "{ .c }", "^", "==", "++", ":a:", ":-:", ":x", "\\",
    "[^1]", "[x]", "[ ]", "[TOC]", "]:", "*[", "<b>", "&amp;", "\t", "\x02",
)  # fmt: skip  # marks
WHOLE = (
    "**굵게**", "**굵게**은", "*기울*", "***둘***", "**a *b* c**", "`코드`", "`a|b`", "` `", "[글](a.md)",
    "[**글**](../a/b.md#c)", "![그림](a.svg)", '![그"림](a.svg){ width=6 height=3 }',
    "![g](a.svg){ width=6 height=3 } }", "[대괄호]", "**[글](b.md)**", "**`a` b**", "a**b**c", "** a **", "**a **",
    "** a**", "[a `]` b](c.md)", "![a](b)**c**", "![a](b)`c`", "[`a`](b)", "_a_", "a_b", "a__b", "*a***b**",
    "**a**b**c**", "[a][b]", "[a] [b]", "[a](b)[c](d)", "*a **b** c*", "`a` b `c", "[a [b](c)](d)", "!",
    "[a\nb](c)",
)  # fmt: skip  # whole marks
BEGINNINGS = (
    "", "", "", "", "", "", "- ", "* ", "+ ", "1. ", "2. ", "10. ", "3.  ", "-", "1.", "1) ", "- - ", "1. - ",
    "- 1. ", "# ", "## ", "### ", "#", "####### ", "> ", ">", ">> ", "> - ", "> # ", "    ", "  ", "   ",
    "        ", "    - ", "    1. ", "!!! note ", "!!! tip", "    !!! note", "??? q ", "???+ q ", "| ", ": ", "= ",
    "=== ", "!!!", "???", "\u3000", "\xa0",
)  # fmt: skip  # beginnings
LINES = (
    "---", "***", "___", "- - -", "* * *", "----", "===", "--", "=", "**", "*", "-", "+", ">", "#", "|", "```",
    "~~~", "    ", " ", "|---|---|", "|:-:|--:|", "---|---", "--|--", "|:--|", "| a | b |", "|a|b|", "a | b",
    "| a |", "| `x` | **y** |", "| `x|y` | z |", "| 1 | 2 | 3 |", "| 1 |", "|||", "| |", "|-|-|", "| - | - |",
    "| : | :: |", '!!! note "제목"', '!!! note ""', "!!! note", '!!! a b "**t**"', '??? question "제목?"', "??? q",
    '???+ "열린"', '??? x "# a"', "    안쪽", "    - 안쪽", "    1. 안쪽", "    > 안쪽", "        깊이",
    "    | a | b |", "    |---|---|", "    ## 제목", "    - b\n    - c", "        - d", "    1. **e**\n    2. f",
    "    글\n    글", "    ---", "    !!! note", "## 제목", "## 제목_1", "# **a** `b`", "## [a](b.md)", "## a > b",
    "## x ##", "- 하나", "- 하나 ", "1. 하나", "1. ", "- ", "> 인용", "> 인용  ", ">  인용", "> ", "> - 인용",
    '=== "탭"', "[a]: b", "[^1]: x", "*[a]: b", "용어", ":   뜻", "끝  ", "[TOC]",
)  # fmt: skip  # lines

NESTED = (
    "- a", "- b", "1. c", "2. **d**", "글", "글 `x`", "![g](a.svg)", "- a  ", "## 제목", "> q", "> - q", "!!! note",
    '!!! note "t"', '??? q "u"', "---", "| a | b |\n{}|--|--|", "- ", "1. ", "* e", "*e*", "c  \n{}d",
    "- a\n{}- b\n{}    - c", ">", "    ", "-",
)  # fmt: skip  # lines
DIFFERED = (
    '!!!e ""\n    - a\n        - a\n\n        a', "> > a\n>", ">", '!!!e ""', "a\n***", "a\n** *", "-||\n:||",
    "- `c`\n- \n1. **b**", "1. \n- ", "a *  \n***)", "**a  \n** b", '-||\n-||\n!!!e ""', "1. a\n2. \n3. c",
    "- a\n- - -",
)  # fmt: skip  # texts
TAKEN = (
    "글", "글  \n둘째 줄\n셋째 줄 ", "## 제목\n\n글\n\n## 제목\n\n## **제목** `a > b`", "##제목\n글",
    "- a\n- b\n\n글\n\n1. a\n2. b", "- a\n\n- b\n- c", "1. a\n2. b\n\n3. c\n4. d", "- a\n이어서",
    "| a | b |\n|:-:|--:|\n| **x** | `y` |\n| 1 |", "a | b\n--|--", "**굵게**은 *기울* `코드`", "snake_case",
    "**snake_case** *a_b*",
    "[글](../a.md#b) ![그림](a.svg) [**글**](#x)", "![그림](a.svg){ width=600 height=300 }", "[설정 > 알림]",
    "[a][b](c)(d)", "- a\n    - b\n        1. c\n- d", "1. a\n\n    ![b](c.svg)\n\n2. d\n    - e",
    "- a\n\n    - b\n\n    !!! note\n        c", "a **b", "---", "> 인용\n> 둘\n\n> 셋",
    '!!! note "제목"\n    글\n\n    - a\n    - b\n\n글', '??? question "제목?"\n    글\n\n    ## 안',
    "???+ tip\n    글", "!!! a b\n\n    글", "10:30~11:00, 3 = 3", "", "\n", "a\n   \nb", "\u3000글",
)  # fmt: skip  # texts
REFUSED = (
    "    code", "- a\n\n        b", "- a\n    b", "<b>a</b>", "a &amp; b", "\\*", "{ .a }", "^a^", "==a==",
    "++ctrl++", ":smile:", "```\na\n```", "~~~\na\n~~~", "``a``", "[^1]", "[a]: b", "*[a]: b", "[TOC]", "- [ ] a",
    '=== "a"\n    b', "a\n:   b", "a\n===", "a\n---", "***a***", "**a *b* c**", "_a_", "__a__", '[a](b "c")',
    "[a](<b>)", "[a](b(c))", "[a [b](c)](d)", "`a", "a\tb", "## a ##", "| `a|b` | c |\n|---|---|", "| a |\n|---|",
    "a\x02",
)  # fmt: skip  # texts

PLAIN_WORDS = [word for word in WORDS if word not in ("#", "<", "&", "C#", "|")]
PLAIN_LINES = [line for line in LINES if line.strip() and not line.startswith(("=", "`", "~", ":"))]
PLAIN_BEGINNINGS = (
    "",
    "",
    "",
    "",
    "- ",
    "1. ",
    "## ",
    "> ",
    '!!! note "제목"\n    ',
    '??? q "제목"\n    ',
    "    ",
    "| ",
)
ADDED = (*MARKS, *WHOLE, *BEGINNINGS, *(f"\n{line}\n" for line in LINES))
GAPS = ("\n", "\n\n", "\n\n", "\n\n", "\n\n\n", "\n  \n")
ODDITIES = (0.0, 0.02, 0.05, 0.1, 0.3)
"""How odd a text is differs from text to text, so that many are plain, or nearly so."""
chance = st.randoms(use_true_random=False)


def _text(dice: Random) -> str:
    """Lines and gaps."""
    odd, count = dice.choice(ODDITIES), dice.choice((1, 1, 2, 2, 3, 4, 6))
    return "".join(part for _ in range(count) for part in (_line(dice, odd), dice.choice(GAPS)))


def _line(dice: Random, odd: float) -> str:
    """A whole line, or a beginning and pieces behind it."""

    def one(plain: Sequence[str], others: Sequence[str]) -> str:
        return dice.choice(others if dice.random() < odd else plain)

    if dice.random() < 0.4:
        return one(PLAIN_LINES, LINES)
    parts = [one(PLAIN_BEGINNINGS, BEGINNINGS)]
    for _ in range(dice.randint(1, 5)):
        whole = dice.choice(WHOLE) if dice.random() < 0.35 else one(PLAIN_WORDS, WORDS)
        parts += [one((whole,), MARKS), dice.choice((" ", " ", " ", "", "", "", "  \n", "\n"))]
    return "".join(parts).rstrip("\n") + dice.choice(("", "", "", " ", "  "))


def _nested(dice: Random) -> str:
    """Lists, boxes and quotes within each other, and what stands between their items."""
    parts, depth = [], 0
    for _ in range(dice.randint(2, 8)):
        depth = min(max(depth + dice.choice((-2, -1, -1, 0, 0, 0, 0, 1, 1)), 0), 3)
        quote = "> " if dice.random() < 0.06 else ""
        indent = quote + ("    " * depth if dice.random() < 0.97 else " " * dice.randint(0, 9))
        line = dice.choice(NESTED if dice.random() < 0.3 else NESTED[:8])
        parts += [indent + line.replace("{}", indent), dice.choice(("\n", "\n\n", "\n\n", f"\n{quote.strip()}\n"))]
    return "".join(parts)


def _edited(text: str, dice: Random) -> str:
    """Some blocks of a text with something in them that was not, or without something that was, or in another order."""
    blocks = text.split("\n\n")
    first = dice.randrange(len(blocks))
    text = "\n\n".join(blocks[first : first + dice.randint(1, 4)])
    for _ in range(dice.randint(1, 3)):
        at, how = dice.randrange(len(text) + 1), dice.random()
        if how < 0.6:
            text = text[:at] + dice.choice(ADDED) + text[at:]
        elif how < 0.8:
            text = text[:at] + text[at + dice.randint(1, 3) :]
        else:
            lines = text.split("\n")
            dice.shuffle(lines)
            text = "\n".join(lines)
    return text.lstrip("\n") + "\n"


@cache
def dialect() -> Dialect:
    own = {"INHERIT": "base.yml", "site_name": "x", "extra": {}}
    base = (shipped() / "mkdocs.yml").read_text("utf-8")
    return config_of(Project(own, base, {"index.md": Sheet({}, "")}, {})).dialect


@cache
def usual() -> Any:
    """Python-Markdown as MkDocs makes it."""
    configs = {name: dict(options) for name, options in dialect().configs.items()}
    return Markdown(extensions=list(dialect().extensions), extension_configs=configs)


@cache
def quick() -> QuickWay:
    return QuickWay(dialect())


def _same(text: str) -> bool:
    """Whether the text took the quick way; if so, to the same end."""
    plain = quick().convert(text, str)
    if plain is None:
        return False
    usual().reset()
    assert plain.html == usual().convert(text), text
    assert plain.toc == usual().toc_tokens, text
    return True


@cache
def _pages() -> frozenset[tuple[str, str]]:
    """Every text that is shipped, as portals stage it, and where."""
    projects = [project for _, project in planned(REPOSITORY)]
    return frozenset((source, f"{one.text}\n".lstrip("\n")) for each in projects for source, one in each.pages.items())


@settings(max_examples=EXAMPLES)
@given(chance)
def test_random_texts_are_the_same_or_refused(dice: Random) -> None:
    """Marks at odd places and without partners, spaces, empty lines, every beginning of a line."""
    _same(_text(dice))


@settings(max_examples=EXAMPLES)
@given(chance)
def test_random_lists_are_the_same_or_refused(dice: Random) -> None:
    """Tight and loose, with lists, pictures, boxes and quotes below their items."""
    _same(_nested(dice))


@pytest.mark.parametrize("made", [_text, _nested])
def test_many_random_texts_are_plain(made: Callable[[Random], str]) -> None:
    """Texts that are all refused would prove nothing."""
    dice = Random(8)  # noqa: S311 -- texts, no secrets
    assert sum(_same(made(dice)) for _ in range(2000)) > 300


def test_edited_texts_are_the_same_or_refused() -> None:
    """What is shipped, with something changed in it."""
    dice, pages = Random(8), sorted(_pages())  # noqa: S311 -- texts, no secrets
    for _ in range(EXAMPLES):
        _same(_edited(dice.choice(pages)[1], dice))


@given(st.text(alphabet="".join(sorted({*"".join(WORDS + MARKS + LINES), *"abc \n\n\n  **#->|1."})), max_size=40))
def test_random_characters_are_the_same_or_refused(text: str) -> None:
    """Texts that nobody would write; Hypothesis makes the shortest of one that differs."""
    _same(text)


@pytest.mark.parametrize("text", DIFFERED)
def test_what_differed_once(text: str) -> None:
    """Texts that were taken wrongly while the quick way was made."""
    _same(text)


@pytest.mark.parametrize("text", TAKEN)
def test_plain_parts_are_taken(text: str) -> None:
    """Each part that is worth having is had."""
    assert _same(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_plain_is_refused(text: str) -> None:
    """Marks of other parts of the dialect, in texts that are plain otherwise."""
    assert quick().convert(f"글\n\n{text}\n", str) is None


def test_shipped_texts_are_the_same_and_most_are_plain() -> None:
    """Every text of every portal, with its links, headings and anchors."""
    usually, quickly = Converter(dialect(), is_quick=False), Converter(dialect())
    pages = _pages()
    for source, text in pages:
        assert quickly.convert(text, source) == usually.convert(text, source), source
    assert sum(_same(text) for _, text in pages) > 0.9 * len(pages)


@pytest.mark.parametrize(
    "text", [">" * 400 + " a", "# a\n" * 2000, "\n\n".join("    " * depth + "- a" for depth in range(99))]
)
def test_depth_is_left_to_the_usual_way(text: str) -> None:
    """Python-Markdown has limits of its own; reaching one's own is no fault."""
    assert quick().convert(text, str) is None


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
def test_texts_of_the_benchmark_are_plain(language: str) -> None:
    """What builds are measured with."""
    assert all(_same(f"{text.body}\n") for text in corpus.texts(40, language, None))


def test_plain_texts_load_no_extension() -> None:
    """Neither the extensions nor the index of icons, which take longer than a thousand texts."""
    command = (
        "import sys, test_plain; from portal_builder.lean.convert import Converter;"
        "Converter(test_plain.dialect()).convert('글', 'a.md'); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, cwd=HERE)
    loaded = {*run.stdout.split()}
    assert "markdown.extensions.toc" in loaded
    assert loaded.isdisjoint({"pymdownx.emoji", "pymdownx.twemoji_db", "pymdownx.superfences"})


def test_only_the_shipped_dialect_is_known() -> None:
    """Another extension, order or option is another dialect; another function is none."""
    known = dialect()
    configs = {name: dict(options) for name, options in known.configs.items()}
    assert is_shipped(known)
    assert is_shipped(replace(known, configs=configs | {"toc": {"permalink": "#", "slugify": str}}))
    others = [
        replace(known, extensions=(*known.extensions, "pymdownx.tilde")),
        replace(known, extensions=known.extensions[:-1]),
        replace(known, extensions=known.extensions[::-1]),
        replace(known, configs=configs | {"toc": {"permalink": "#"}}),
        replace(known, configs=configs | {"toc": {**configs["toc"], "baselevel": 2}}),
        replace(known, configs=configs | {"tables": {}}),
        replace(known, configs=configs | {"footnotes": {"SEPARATOR": "-"}}),
    ]
    for other in others:
        assert not is_shipped(other)
        assert QuickWay(other).convert("글\n", str) is None
