"""Owns Markdown of other generators as ours: notes, tabs, lists, HTML within it. Refuses to touch code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from portal_builder.importing.markup import Converted

Losses = list[tuple[str, str]]

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*)$")
_NOTE = re.compile(r"^(?P<indent>[ \t]*):{3,}[ \t]*(?P<kind>\w+)?[ \t]*(?P<title>.*?)[ \t]*$")
_NOTES = {"caution": "warning", "important": "info", "secondary": "note"}
_ITEM = re.compile(r"^(?P<indent> *)(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap> +)(?=\S)")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w.-]*)(?P<rest>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?)/?>")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|\{[\"']([^\"']*)[\"']\})")
_RUNNING = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_PLAYER = re.compile(r"<(iframe|video|audio|embed|object)\b([^>]*)>(?:.*?</\1\s*>)?", re.IGNORECASE | re.DOTALL)
_ANCHOR = re.compile(r"<a\s([^>]*)>([^<\n]*)</a\s*>", re.IGNORECASE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def common_markdown(text: str, *, is_mdx: bool = False) -> Converted:
    """CommonMark as most generators read it, MDX among it."""
    losses: Losses = []
    if is_mdx:
        text = _in_prose(text, lambda prose: _without_components(prose, losses))
        text = _with_tabs(text)
    text = _in_prose(text, lambda prose: _without_html(prose, losses))
    text = "\n".join(_reindented(_noted(text.split("\n"))))
    return Converted(text.strip("\n"), tuple(dict.fromkeys(losses)))


def own_markdown(text: str) -> Converted:
    """Python-Markdown already; what other programs fill in is not."""
    losses: Losses = []

    def left_out(match: re.Match[str]) -> str:
        losses.append(("import.include", match[0].strip()))
        return ""

    text = _in_prose(text, lambda prose: re.sub(r"^[ \t]*(;)?--8<--.*$", left_out, prose, flags=re.MULTILINE))
    text = _in_prose(text, lambda prose: re.sub(r"^\[TOC\]\s*$", "", prose, flags=re.MULTILINE))
    text = _in_prose(text, lambda prose: _without_html(prose, losses))
    return Converted(text.strip("\n"), tuple(dict.fromkeys(losses)))


def _in_prose(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed but its code."""
    parts: list[str] = []
    for is_code, block in _blocks(text.split("\n")):
        joined = "\n".join(block)
        parts.append(joined if is_code else _around_spans(joined, change))
    return "\n".join(parts)


def _around_spans(prose: str, change: Callable[[str], str]) -> str:
    """Code within sentences is put aside, and put back."""
    spans: list[str] = []

    def aside(match: re.Match[str]) -> str:
        spans.append(match[0])
        return f"\ue000{len(spans) - 1}\ue001"

    changed = change(_CODE.sub(aside, prose.replace("\ue000", "").replace("\ue001", "")))
    return re.sub("\ue000(\\d+)\ue001", lambda match: spans[int(match[1])], changed)


def _blocks(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines that are code, fences included, and of lines that are not."""
    run: list[str] = []
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if not fence and match:
            if run:
                yield False, run
            run, fence = [line], match["fence"]
        elif fence and match and match["fence"].startswith(fence) and not match["info"]:
            yield True, [*run, line]
            run, fence = [], ""
        else:
            run.append(line)
    if run:
        yield bool(fence), run


def _without_components(prose: str, losses: Losses) -> str:
    """Imports and components of MDX; what stands between their tags stays. Tabs come later."""

    def component(match: re.Match[str]) -> str:
        if match["name"][0].islower() or match["name"] in {"Tabs", "TabItem"}:
            return match[0]
        if not match["close"]:
            losses.append(("import.component", f"<{match['name']}>"))
        return ""

    prose = re.sub(r"^(import|export)\s[^\n]*(?:from\s+['\"][^\n]*|=[^\n]*|['\"];?)$", "", prose, flags=re.MULTILINE)
    prose = re.sub(r"\{/\*.*?\*/\}", "", prose, flags=re.DOTALL)
    return _TAG.sub(component, prose)


def _with_tabs(text: str) -> str:
    """`<TabItem label="iPhone">` as `=== "iPhone"`."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        match = _TAG.fullmatch(line.strip())
        name = match["name"] if match else ""
        if match and name == "TabItem":
            inside = not match["close"]
            said = _attributes(match["rest"])
            label = said.get("label") or said.get("value") or "-"
            lines += ["", f'=== "{label}"', ""] if inside else []
        elif name != "Tabs":
            lines.append(f"    {line.strip() if not line.strip() else line}" if inside and line.strip() else line)
    return "\n".join(lines)


def _attributes(written: str) -> dict[str, str]:
    return {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(written)}


def _without_html(prose: str, losses: Losses) -> str:
    """Pictures and links as Markdown, so that they are looked after; players as links; scripts gone."""

    def player(match: re.Match[str]) -> str:
        source = _attributes(match[0]).get("src", "")
        losses.append(("import.embed", source or match[1]))
        return f"[{source}]({source})" if source.startswith(("http://", "https://")) else ""

    def script(match: re.Match[str]) -> str:
        losses.append(("import.script", match[0][:40]))
        return ""

    def tag(match: re.Match[str]) -> str:
        said = _attributes(match["rest"])
        if match["name"].lower() == "img" and said.get("src"):
            return f"![{re.sub(r'[][]', '', said.get('alt', ''))}](<{said['src']}>)"
        rest = re.sub(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", "", match["rest"], flags=re.IGNORECASE)
        is_box = not match["close"] and match["name"].lower() in {"div", "details", "section", "figure", "center"}
        is_alone = match.string[: match.start()].rpartition("\n")[2].strip() == ""
        more = " markdown" if is_box and is_alone and "markdown" not in rest else ""
        return f"<{match['close']}{match['name']}{rest}{more}{'/' if match[0].endswith('/>') else ''}>"

    def link(match: re.Match[str]) -> str:
        href = _attributes(match[1]).get("href", "")
        return f"[{match[2]}](<{href}>)" if href and match[2].strip() and "]" not in match[2] else match[0]

    return _TAG.sub(tag, _ANCHOR.sub(link, _PLAYER.sub(player, _RUNNING.sub(script, prose))))


def _noted(lines: list[str]) -> list[str]:
    """`:::tip Title` up to `:::` as a note of ours, its text indented by four spaces."""
    done: list[str] = []
    depth = 0
    for is_code, block in _blocks(lines):
        for line in block:
            match = None if is_code else _NOTE.match(line)
            if match and match["kind"]:
                kind = match["kind"].lower()
                title = match["title"].strip("[]{}").replace('"', "&quot;")
                done += [
                    "",
                    "    " * depth + f"!!! {_NOTES.get(kind, kind)}{f' {chr(34)}{title}{chr(34)}' if title else ''}",
                    "",
                ]
                depth += 1
            elif match and depth:
                depth -= 1
                done.append("")
            else:
                done.append("    " * depth + line if line.strip() else "")
    return done


def _reindented(lines: list[str]) -> Iterator[str]:
    """Lists by four spaces a level, with a blank line before them, and fences that say their language alone."""
    levels: list[int] = []  # the column at which the text of each open item begins
    before = ""
    for is_code, block in _blocks(lines):
        if is_code:
            yield from _fence_of(block, levels, before)
            before = "```"
            continue
        for line in block:
            yield from _line_of(line, levels, before)
            before = line


def _line_of(line: str, levels: list[int], before: str) -> Iterator[str]:
    if not line.strip():
        yield ""
        return
    indent = len(line) - len(line.lstrip(" "))
    match = _ITEM.match(line)
    is_lazy = not match and bool(before.strip()) and bool(levels) and indent < levels[-1]
    while levels and indent < levels[-1] and not is_lazy:
        levels.pop()
    base = levels[-1] if levels else 0
    if match and indent - base < 4:
        if not levels and before.strip() and not _ITEM.match(before) and not before.startswith("#"):
            yield ""
        mark = match["mark"].replace(")", ".")
        yield "    " * len(levels) + f"{mark:<3} " + line[match.end() :]
        levels.append(match.end() if len(match["gap"]) <= 4 else indent + len(match["mark"]) + 1)
        return
    is_table = line.lstrip().startswith("|") and bool(before.strip()) and not before.lstrip().startswith("|")
    if is_table:
        yield ""
    yield "    " * len(levels) + (line.lstrip(" ") if is_lazy else line[min(base, indent) :])


def _fence_of(block: list[str], levels: list[int], before: str) -> Iterator[str]:
    indent = len(block[0]) - len(block[0].lstrip(" "))
    while levels and indent < levels[-1]:
        levels.pop()
    base = levels[-1] if levels else 0
    match = _FENCE.match(block[0])
    language = re.match(r"[\w#+.-]*", match["info"]) if match else None
    if before.strip():
        yield ""
    opening = f"{match['fence']}{language[0]}" if match and language else block[0].strip()
    lead = "    " * len(levels) + " " * max(0, indent - base)
    yield lead + opening
    for line in block[1:]:
        yield "    " * len(levels) + line[min(base, len(line) - len(line.lstrip(" "))) :] if line.strip() else ""
