"""What the lean engine leaves out of a conversion changes none: random texts, beside Python-Markdown as it is."""

from __future__ import annotations

import random

import pytest
from markdown import Markdown

from portal_builder.lean.config import config_of
from portal_builder.lean.convert import Converter
from portal_builder.project import Project, Sheet
from portal_builder.shipped import shipped

Dice = random.Random
LINES = (
    "글자만 있는 줄",
    "Plain words, 3.5 of them: (really) 끝.",
    "## 제목 `a` *b*",
    "### 제목 { #own .c }",
    "# x #",
    "제목\n===",
    "제목\n---",
    "---",
    "* * *",
    "- - -",
    "___",
    "- 하나",
    "* 둘",
    "+ 셋",
    "1. 하나",
    "2) 둘",
    "١. arabic",
    "  3. shifted",
    "    code",
    "        deep",
    "> 인용",
    ">인용 > 둘",
    "   > shifted",
    "| a | b |",
    "|---|:-:|",
    "| 1 | `|` |",
    "a | b",
    "--|--",
    '!!! note "제목"',
    "    안쪽 *글*",
    "??? warning",
    '???+ tip "열린"',
    '=== "탭"',
    '=== "둘"',
    "용어",
    ":   뜻",
    "[^1]: 각주",
    "글[^1] 글[^1]",
    "*[HTML]: Hyper Text",
    "HTML 글",
    '[ref]: https://x.example "t"',
    "[ref] [글][ref] <https://x.example> <a@b.example>",
    "![그림](https://x.example/a.svg){ width=3 }",
    "**굵게**은 *기울* ==표== ^^넣음^^ x^2^ ++ctrl+a++ \\*별\\*",
    "`` a ` b `` 끝  ",
    '&amp; &copy; & < > "',
    "<div>raw</div>",
    "<div markdown>",
    "</div>",
    "<b>in</b> line",
    "<!-- comment -->",
    "<br>",
    "- [ ] todo",
    "- [x] done",
    "[TOC]",
    "\\[TOC\\]",
    "```python",
    "```",
    "~~~",
    "    ```",
    ":smile: :material-magnify: 10:30",
    "\\# no heading",
    "!!! x",
    "?",
    "=",
    "|",
    ":",
    "[",
    ">",
    "#",
    "*",
    "_",
    "<script>if (a < b) x</script>",
    "<details><summary>s</summary>t</details>",
    "줄 바꿈  \n다음 줄",
    "{: .class }",
    "tab\there",
    "\u00a0nbsp",
    "\u3000전각",
    "http://[bad",
    "a\\\\b",
    "_i_ __b__ ***both*** a*b*c",
    '<p class="footnote" markdown>x</p>',
    "0",
    "-5 도",
    "3.5",
    "…",
    "(괄호)",
    "“따옴표”",
)


def text(dice: Dice) -> str:
    """Lines in blocks, and blocks in lists."""
    blocks = []
    for _ in range(dice.randint(1, 9)):
        block = "\n".join(dice.choices(LINES, k=dice.choice([1, 1, 1, 2, 3])))
        indent = dice.choice(["", "", "", "    ", "        "])
        blocks.append("\n".join(indent + line for line in block.split("\n")))
    return dice.choice(["\n\n", "\n\n", "\n"]).join(blocks)


@pytest.fixture(scope="module")
def project() -> Project:
    settings = {"INHERIT": "base.yml", "site_name": "x", "extra": {}}
    return Project(settings, (shipped() / "mkdocs.yml").read_text("utf-8"), {"index.md": Sheet({}, "")}, {})


def test_what_is_left_out_would_have_found_nothing(project: Project) -> None:
    """600 texts of every mark of the dialect, one after another in one converter, as builds do it."""
    dialect = config_of(project).dialect
    configs = {name: dict(options) for name, options in dialect.configs.items()}
    plain = Markdown(extensions=list(dialect.extensions), extension_configs=configs)
    lean, dice = Converter(dialect), Dice(8)
    for _ in range(600):
        written = text(dice)
        plain.reset()
        expected = plain.convert(written)
        conversion = lean.convert(written, "a.md")
        assert conversion.html == expected, written
        assert conversion.toc == plain.toc_tokens, written  # type: ignore[attr-defined]  # the extension adds it
