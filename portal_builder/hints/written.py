"""Owns reading an article's Markdown into what the audit knows of a page. Refuses to render it, and to judge.

What only an engine or a template decides is taken to be right. A block counts by how its first line begins; a mark that
is read wrongly costs a hint, and the audit of the built page has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from portal_builder.article import Article
from portal_builder.audit.facts import Link, Page, Picture, Table, Text
from portal_builder.audit.read import Markup, read_markup, width_of
from portal_builder.library import Library
from portal_builder.links import Link as WrittenLink
from portal_builder.links import prose_of, resolve
from portal_builder.plain import plain

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}[ \t]")
_BREAK = re.compile(r"[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|!\[|!!!|\?\?\?|===|>|\||:[ \t]|<(?:ul|ol|dl|table|img|pre)\b)")
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_CELL = re.compile(r"(?<!\\)\|")
_UNSPOKEN = re.compile(r"^[ \t]*(?:\*?\[[^\]\n]+\]:|<!--)")


@dataclass(frozen=True)
class _Block:
    """Lines that stand together."""

    line: int
    """Where it begins, counted from 1 within the text."""
    lines: tuple[str, ...]

    @property
    def is_heading(self) -> bool:
        return bool(_HEADING.match(self.lines[0]))

    @property
    def is_break(self) -> bool:
        return bool(_BREAK.match(self.lines[0]) or _FENCE.match(self.lines[0]))

    @property
    def is_paragraph(self) -> bool:
        return not (self.is_heading or self.is_break or _UNSPOKEN.match(self.lines[0]))


def written_page(article: Article, library: Library) -> Page:
    """An article in one language, before any portal shows it."""
    markup = read_markup(prose_of(article.text))
    blocks = tuple(_blocks(article.text))
    return Page(
        file=article.path,
        url=article.path,
        role="article",
        language=article.language,
        weight=0,
        has_summary=bool(article.meta.summary.strip()),
        has_search=True,
        has_promise=True,
        viewport="width=device-width",
        links=tuple(_links(article)),
        text=_text(article, blocks),
        pictures=(*_pictures(article, library), *_marked_up(article, markup)),
        tables=tuple(_tables(article, blocks)),
        strangers=(*_strange_pictures(article), *markup.strangers),
        too_wide=markup.too_wide,
    )


def _blocks(text: str) -> Iterator[_Block]:
    """Blocks are what empty lines or a change of their kind part; code counts as one, with its empty lines."""
    fence = ""
    begin, lines = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        mark = _FENCE.match(line)
        is_code, opens = bool(fence), bool(mark and not fence)
        if mark:
            fence = mark[1] if opens else "" if mark[1].startswith(fence) else fence
        starts = not is_code and (opens or not line.strip() or bool(_HEADING.match(line) or _BREAK.match(line)))
        if starts and lines:
            yield _Block(begin, tuple(lines))
        if starts:
            begin, lines = number, []
        if line.strip() or is_code:
            lines.append(line)
            begin = begin if len(lines) > 1 else number


def _text(article: Article, blocks: tuple[_Block, ...]) -> Text:
    paragraphs = [(plain("\n".join(block.lines)), block.line) for block in blocks if block.is_paragraph]
    longest, line = max(paragraphs, key=lambda entry: width_of(entry[0]), default=("", 1))
    return Text(
        language=article.language,
        length=width_of(plain(article.text)),
        headings=sum(block.is_heading for block in blocks),
        breaks=sum(block.is_break for block in blocks),
        longest_paragraph=(width_of(longest), longest[:30]),
        longest_line=_line(article, line),
    )


def _line(article: Article, line: int) -> int:
    return article.first_line + line - 1


def _links(article: Article) -> Iterator[Link]:
    for link in article.links:
        if not link.is_image and link.text != (0, 0):
            name = _said(article.text[slice(*link.text)])
            yield Link(link.destination, name, None, in_text=True, line=_line(article, link.line))


def _said(words: str) -> str:
    """What is read out of a link: its words, or its picture's; a term of the brand counts as one."""
    return plain(words) or plain(re.sub(r"!\[([^\[\]]*)\]\([^()]*\)", r"\1", words))


def _pictures(article: Article, library: Library) -> Iterator[Picture]:
    for link in article.links:
        if link.is_image:
            asset = library.asset(article, resolve(link.destination, article.folder)[0]) if link.is_local else None
            yield Picture(
                src=link.destination,
                alt=article.text[slice(*link.text)],
                has_size=bool(asset and asset.box) or article.text.startswith("{", link.whole[1]),
                weight=asset.size if asset else 0,
                line=_line(article, link.line),
            )


def _marked_up(article: Article, markup: Markup) -> Iterator[Picture]:
    """Pictures in HTML of the writer's."""
    for picture in markup.pictures:
        at = article.text.find(picture.src)
        yield replace(picture, line=_line(article, article.text.count("\n", 0, at) + 1))


def _strange_pictures(article: Article) -> Iterator[str]:
    yield from (link.destination for link in article.links if link.is_image and _is_strange(link))


def _is_strange(link: WrittenLink) -> bool:
    return link.is_address and not link.is_local and not link.destination.startswith(("/", "data:"))


def _tables(article: Article, blocks: tuple[_Block, ...]) -> Iterator[Table]:
    """A rule below a first row makes a table of the rows around it."""
    rows = [(block.line, line) for block in blocks for line in block.lines if _ROW.match(line)]
    for _, group in groupby(enumerate(rows), key=lambda entry: entry[1][0] - entry[0]):
        table = [line for _, line in group]
        if len(table) > 1 and _RULE.match(table[1][1]):
            columns = len(_CELL.split(table[0][1].strip().strip("|")))
            yield Table(columns, len(table) - 1, line=_line(article, table[0][0]))
