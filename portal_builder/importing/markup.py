"""Owns the way from HTML to our Markdown, and what is lost on it. Refuses to follow a link or to run anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape as escape_html

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList, NavigableString
from markdownify import ATX, MarkdownConverter

from portal_builder.importing.model import clean_text

_DEPTH_AT_MOST = 60
_TAGS_AT_MOST = 40_000
_BYTES_AT_MOST = 4_000_000
_SILENT = ("style", "noscript", "template", "link", "meta", "head", "title", "base")
_EMBEDS = ("iframe", "video", "audio", "embed", "object")
_FIELDS = ("input", "select", "textarea", "button")
_BLOCKS = ("p", "ul", "ol", "pre", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "div", "details", "hr")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID = re.compile(r"[A-Za-z0-9\uac00-\ud7a3][\w-]*")
_WEB = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_NEEDED = re.compile(r"([*_`\\])")
_BEGINNING = re.compile(r"^(\s*)(?:([#>+-](?=\s|[#>-]|$))|(\d+)\.(?=\s|$)|(!!!|\?\?\?|:(?=\s)))", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#|\w+;)")


class TooMuchError(Exception):
    """HTML that no writer wrote: nested without end, or of more tags than a page has."""


@dataclass(frozen=True)
class Converted:
    """Markdown, and what the HTML had that it has not: keys of messages with what they are about."""

    text: str
    losses: tuple[tuple[str, str], ...] = ()


def markdown_of(html: str) -> Converted:
    """HTML of an article as Markdown. Raises TooMuchError for what would never end."""
    if len(html) > _BYTES_AT_MOST or html.count("<") > _TAGS_AT_MOST:
        raise TooMuchError
    soup = soup_of(html)
    losses = [*_embeds(soup), *_scripts(soup), *_fields(soup)]
    _plain_emphasis(soup)
    _second_level(soup)
    losses += _tables(soup)
    text = str(_Converter().convert_soup(soup))
    return Converted(re.sub(r"\n{3,}", "\n\n", _without_trailing(text)).strip(), tuple(dict.fromkeys(losses)))


def soup_of(html: str) -> BeautifulSoup:
    """The tree of a page, as deep as pages are."""
    soup = BeautifulSoup(clean_text(html), "html.parser")
    level = [soup.contents]
    for _ in range(_DEPTH_AT_MOST):
        level = [one.contents for contents in level for one in contents if isinstance(one, Tag)]
        if not level:
            return soup
    raise TooMuchError


def attribute(tag: Tag, name: str) -> str:
    """What an attribute says; nothing where it is not there."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, (list, AttributeValueList)) else str(value or "")


def _without_trailing(text: str) -> str:
    """Lines end where their words end; two spaces are a line break of the writer's."""
    return re.sub(r"[ \t\u00a0]+$", lambda match: "  " if match[0] == "  " else "", text, flags=re.MULTILINE)


def _embeds(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """A player becomes a link to what it plays."""
    found = []
    for tag in soup.find_all(_EMBEDS):
        inner = tag.find("source", src=True)
        address = next(filter(None, (attribute(tag, name) for name in ("src", "data"))), "")
        address = address or (attribute(inner, "src") if inner else "")
        address = f"https:{address}" if address.startswith("//") else address
        found.append(("import.embed", address or tag.name))
        link = soup.new_tag("a", href=address)
        link.string = attribute(tag, "title") or address
        tag.replace_with(link) if _WEB.match(address) else tag.decompose()
    return found


def _scripts(soup: BeautifulSoup) -> list[tuple[str, str]]:
    found = []
    for tag in soup.find_all(["script", "svg", "canvas", "math"]):
        found.append(("import.script" if tag.name == "script" else "import.drawing", str(tag.name)))
        tag.decompose()
    for tag in soup.find_all(_SILENT):
        tag.decompose()
    return found


def _fields(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """Nothing can be filled in within an article; words between fields stay."""
    found = [("import.form", str(tag.name)) for tag in soup.find_all(_FIELDS) if attribute(tag, "type") != "checkbox"]
    for tag in soup.find_all(_FIELDS):
        tag.unwrap() if tag.name == "button" else tag.decompose()
    return found[:1]


def _plain_emphasis(soup: BeautifulSoup) -> None:
    """Bold within bold is bold; a link within a link is none; emphasis does not go round blocks."""
    for names in (("b", "strong"), ("i", "em"), ("a",), ("del", "s")):
        for tag in soup.find_all(names):
            if tag.find_parent(names) or tag.find(_BLOCKS):
                tag.unwrap()


def _second_level(soup: BeautifulSoup) -> None:
    """The title is the first heading of a page, so those of its text begin with the second."""
    if soup.find("h1"):
        for tag in soup.find_all(_HEADINGS):
            tag.name = f"h{min(6, int(tag.name[1]) + 1)}"


def _tables(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """Tables that pipes cannot draw stay HTML."""
    found = []
    for table in soup.find_all("table"):
        if not table.find_parent("table") and _is_complex(table):
            found.append(("import.table", clean_text(table.get_text(" ", strip=True))[:40]))
            table.attrs["data-kept"] = _kept(table)
    return found


def _is_complex(table: Tag) -> bool:
    if table.find(["ul", "ol", "pre", "table", *_HEADINGS, "blockquote", "details"]):
        return True
    cells = table.find_all(["td", "th"])
    return any(attribute(cell, name) not in ("", "1") for cell in cells for name in ("colspan", "rowspan"))


def _kept(table: Tag) -> str:
    """The table in one line, of nothing but its structure, words, and links that stay what they are."""
    parts: list[str] = []
    _keep(table, parts)
    return "".join(parts)


_KEPT = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "ul", "ol", "li", "p", "br", "b", "strong"}
    | {"em", "i", "code", "pre", "blockquote", "del", "sub", "sup"}
)


def _keep(tag: Tag, parts: list[str]) -> None:
    name, attributes = tag.name, ""
    for spoken in ("colspan", "rowspan"):
        if attribute(tag, spoken).isdigit():
            attributes += f' {spoken}="{attribute(tag, spoken)}"'
    href, source = attribute(tag, "href"), attribute(tag, "src")
    if name == "img":
        address = f'<img src="{_quiet(source)}" alt="{_quiet(attribute(tag, "alt"))}">'
        parts.append(address if re.match("https?:", source) else _quiet(attribute(tag, "alt")))
        return
    is_kept = name in _KEPT or (name == "a" and bool(_WEB.match(href)))
    if name == "a":
        attributes = f' href="{_quiet(href)}"'
    if is_kept:
        parts.append(f"<{name}{attributes}>")
    for child in tag.children:
        if isinstance(child, Tag):
            _keep(child, parts)
        elif type(child) is NavigableString:
            parts.append(_quiet(str(child), is_code=bool(child.find_parent("pre"))))
    if is_kept and name != "br":
        parts.append(f"</{name}>")


def _quiet(text: str, *, is_code: bool = False) -> str:
    """Words in HTML that Markdown finds nothing in."""
    safe = escape_html(text)
    for sign in "[]*_`{}\\!:":
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return safe.replace("\n", "&#10;") if is_code else re.sub(r"\s+", " ", safe)


class _Converter(MarkdownConverter):
    """Markdown as Python-Markdown reads it: lists by four spaces, one fence that fits, nothing that text sets off."""

    class Options:
        heading_style = ATX
        autolinks = False
        table_infer_header = True
        strong_em_symbol = "*"
        keep_inline_images_in: tuple[str, ...] = (
            "td",
            "th",
            "a",
            "b",
            "strong",
            "em",
            "i",
            "p",
            "span",
            "div",
            *_HEADINGS,
        )

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Text that stays text."""
        safe = _NEEDED.sub(r"\\\1", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")
        safe = re.sub(r"\](?=[(\[:])", "&#93;", safe).replace("[^", r"\[^")
        safe = re.sub(r"([=^+])\1", r"\\\1\\\1", safe).replace("^", "&#94;") if re.search(r"==|\^|\+\+", safe) else safe
        safe = safe.replace(r"\&#94;", "&#94;").replace("{", "&#123;")
        safe = re.sub(r":(?=[a-z+-][\w+-]*:)", "&#58;", safe)
        safe = safe.replace("|", r"\|")
        return _BEGINNING.sub(_defused, safe) if parent_tags.isdisjoint({"td", "th"}) else safe

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        """An exclamation mark before a link is none of a picture."""
        text = str(super().process_text(el, parent_tags))  # type: ignore[misc]  # the stubs leave it out
        after = el.next_element
        is_before_link = isinstance(after, Tag) and (after.name == "a" or after.find("a") is not None)
        return f"{text[:-1]}\\!" if text.endswith("!") and is_before_link else text

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- the library's signature
        parent = el.parent
        bullet = "-"
        if parent is not None and parent.name == "ol":
            first = attribute(parent, "start")
            start = int(first) if first.isdecimal() and len(first) < 6 else 1
            bullet = f"{start + len(el.find_previous_siblings('li'))}."
        lines = text.strip().split("\n")
        rest = "".join(f"\n    {line}" if line else "\n" for line in lines[1:])
        return f"{bullet:<4}{'' if len(bullet) < 4 else ' '}{lines[0]}{rest}\n" if text.strip() else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- as above
        body = text.strip("\n")
        if not body.strip():
            return ""
        inner = el.find("code")
        said = attribute(inner, "class") if inner else attribute(el, "class")
        language = re.search(r"(?:language|lang|highlight-source)-([\w+-]+)", said)
        longest = max((len(run) for run in re.findall("`+", body)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}{language[1] if language else ''}\n{body}\n{fence}\n\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802 -- as above
        words = re.sub(r"\s+", " ", text).strip()
        if "_inline" in parent_tags or not parent_tags.isdisjoint({"li", "blockquote", "dd"}) or not words:
            return f"\n\n**{words}**\n\n" if words and "_inline" not in parent_tags and "*" not in words else text
        anchor = attribute(el, "id")
        given = f" {{#{anchor}}}" if _ID.fullmatch(anchor) else ""
        return f"\n\n{'#' * n} {words.rstrip('#')}{given}\n\n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = _address(attribute(el, "href"))
        if not href or not text.strip() or "_noformat" in parent_tags:
            return text
        words = text.strip().replace("\n", " ")
        if not re.fullmatch(r"(?:[^\[\]]|!?\[[^\[\]]*\])*", words.replace(r"\[", "").replace(r"\]", "]")):
            words = re.sub(r"\\?([\[\]])", lambda match: f"&#{ord(match[1])};", words)
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{words}]({href}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- as above
        source = _address(attribute(el, "src") or attribute(el, "data-src"))
        words = re.sub(r"[\[\]\\`*_<>{}\s|]+", " ", attribute(el, "alt")).strip()
        return f"![{words}]({source})" if source else words

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- as above
        if parent_tags.isdisjoint({"td", "th"}):
            return " " if "_inline" in parent_tags else "  \n"
        return "<br>"

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        summary = el.find("summary")
        words = re.sub(r"\s+", " ", summary.get_text()).strip() if summary else ""
        if not words or "_inline" in parent_tags:
            return text
        lines = "".join(f"    {line}\n" if line else "\n" for line in text.strip().split("\n"))
        title = escape_html(words, quote=False).replace('"', "&quot;")
        return f'\n\n??? question "{title}"\n\n{lines}\n\n'

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"{text}\n\n" if "_inline" in parent_tags or el.parent is None or el.parent.name != "details" else ""

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- as above
        return f"<del>{text}</del>" if text.strip() else text

    convert_s = convert_del

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- as above
        return f"\n\n{attribute(el, 'data-kept') or text.strip()}\n\n"


def _defused(match: re.Match[str]) -> str:
    """A sign that would begin a block, as the sign it is."""
    space, sign, number, block = match.groups()
    if sign:
        return f"{space}\\{sign}"
    if number:
        return f"{space}{number}\\."
    return f"{space}&#{ord(block[0])};{block[1:]}"


def _address(written: str) -> str:
    """A destination in one piece, as Markdown takes it; none for what would run."""
    address = re.sub(r"[\x00-\x1f]", "", written).strip().replace("\\", "/")
    if re.match(r"(javascript|vbscript|file):", address, re.IGNORECASE):
        return ""
    for sign in " ()<>\"'`*_[]":
        address = address.replace(sign, f"%{ord(sign):02X}") if sign not in "_*" else address
    return address
