"""Owns what Zendesk Guide gives out: JSON as its API has it, and CSV. Refuses to show what not all might see."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from portal_builder.importing.markup import TooMuchError, markdown_of
from portal_builder.importing.model import (
    Haul,
    ImportedArticle,
    ImportedFolder,
    Source,
    clean,
    loss,
    slug_of,
    split_web,
)
from portal_builder.importing.reading import text_of
from portal_builder.problem import ContentError, Problem

_LISTS = ("articles", "sections", "categories", "translations")
_FIELD_AT_MOST = 5_000_000
_ADDRESS = re.compile(r"(?:^|/)(articles|sections|categories)/(\d+)[^/]*$")
Record = Mapping[str, Any]


def _recognises(path: Path) -> int:
    files = _files(path)
    if path.is_file():
        return 2 if files else 0
    return 2 if any(file.stem.startswith("articles") for file in files) else int(bool(files))


def _files(path: Path) -> list[Path]:
    """Exports lie side by side; their pictures below."""
    found = [path] if path.is_file() else sorted(path.iterdir())
    return [file for file in found if file.suffix.lower() in {".json", ".csv"} and file.is_file() and _is_export(file)]


def _is_export(file: Path) -> bool:
    with file.open("rb") as opened:
        begin = opened.read(65536)
    if file.suffix.lower() == ".csv":
        return True
    return any(f'"{name}"'.encode() in begin for name in _LISTS) or file.stem.startswith(_LISTS)


def _read(path: Path) -> Haul:
    lists: dict[str, list[tuple[str, Record]]] = {name: [] for name in _LISTS}
    problems: list[Problem] = []
    for file in _files(path):
        try:
            for name, record in _records(file):
                lists[name].append((file.name, record))
        except ContentError as error:
            problems += error.problems
    if not lists["articles"] and not problems:
        problems.append(loss(path.name, "import.nothing"))
    if problems:
        raise ContentError(problems)
    return _haul(path if path.is_dir() else path.parent, lists)


def _records(file: Path) -> Iterator[tuple[str, Record]]:
    text = text_of(file, file.name)
    if file.suffix.lower() == ".csv":
        yield from (("articles", record) for record in _rows(text, file.name))
        return
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError([Problem.at(file.name, error.lineno, "import.json", reason=error.msg)]) from None
    except (RecursionError, ValueError):
        raise ContentError([loss(file.name, "import.json", reason="?")]) from None
    for page in tree if isinstance(tree, list) else [tree]:
        lists = page if isinstance(page, dict) else {}
        for name in _LISTS:
            listed = lists.get(name, [])
            if not isinstance(listed, list):
                raise ContentError([loss(file.name, "import.json", reason=name)])
            yield from ((name, record) for record in listed if isinstance(record, dict))


def _rows(text: str, place: str) -> Iterator[Record]:
    """A table's rows with the names that the API has for its columns."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    before = csv.field_size_limit(_FIELD_AT_MOST)  # an article is longer than the 128 kB that csv allows by itself
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ContentError([loss(place, "import.csv", reason=error)]) from None
    finally:
        csv.field_size_limit(before)
    names = [name.strip().lower().replace(" ", "_") for name in rows[0]] if rows else []
    missing = [name for name in ("title", "body") if name not in names]
    if missing:
        raise ContentError([loss(place, "import.csv_column", name=", ".join(missing), known=", ".join(names) or "-")])
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            record = dict(zip(names, row, strict=False))
            yield {"id": record.get("id") or f"row-{number}"} | {key: value for key, value in record.items() if value}


def _haul(root: Path, lists: Mapping[str, list[tuple[str, Record]]]) -> Haul:
    sections = {_text(record, "id"): record for _, record in lists["sections"]}
    categories = {_text(record, "id"): record for _, record in lists["categories"]}
    articles: list[ImportedArticle] = []
    losses: list[Problem] = []
    for place, record, original in _texts(lists):
        try:
            converted = markdown_of(_html(_text(record, "body")))
        except TooMuchError:
            raise ContentError([loss(place, "import.too_much")]) from None
        losses += [loss(place, key, name=name) for key, name in converted.losses]
        articles.append(_article(place, record, original, converted.text))
    folders = [*_folders(sections, "section", lists), *_folders(categories, "category", lists)]
    named = {article.folder for article in articles if article.folder.startswith("named/")}
    folders += [
        ImportedFolder(key, slug_of(key.partition("/")[2]), {"": key.partition("/")[2]}) for key in sorted(named)
    ]
    urls = [_text(record, "html_url") for listed in lists.values() for _, record in listed]
    hosts = frozenset(split_web(url)[0] for url in urls) - {""}
    return Haul(root, tuple(articles), tuple(folders), tuple(losses), hosts, ("", "static"), _canonical)


def _texts(lists: Mapping[str, list[tuple[str, Record]]]) -> Iterator[tuple[str, Record, Record]]:
    """Every text in every language: its place, itself, and the article that it is a language of. Each once."""
    originals = {_text(record, "id"): record for _, record in lists["articles"]}
    found: dict[tuple[str, str], tuple[str, Record, Record]] = {}

    def add(file: str, record: Record, original: Record) -> None:
        key = _text(original, "id")
        found.setdefault((key, _text(record, "locale")), (f"{file}#{key}", record, original))

    for file, record in lists["articles"]:
        add(file, record, record)
    loose = [(file, one) for file, one in lists["translations"] if _text(one, "source_type") in {"", "Article"}]
    inner = [
        (file, {"source_id": record.get("id")} | one)
        for file, record in lists["articles"]
        for one in _list(record, "translations")
        if isinstance(one, dict)
    ]
    for file, one in (*loose, *inner):
        if original := originals.get(_text(one, "source_id")):
            add(file, one, original)
    return iter(found.values())


def _article(place: str, record: Record, original: Record, text: str) -> ImportedArticle:
    key = _text(original, "id")
    path = split_web(_text(record, "html_url"))[1]
    locale = _text(record, "locale")
    written = re.sub(r"^\d+-?", "", path.rpartition("/")[2])
    is_numbered = key.isdecimal() and bool(locale) and (not path or path.startswith("hc/"))
    bare = f"hc/{locale}/articles/{key}" if is_numbered else ""  # mails say it without a title
    is_draft = _is_true(record, "draft") or (_is_true(original, "draft") and record is original)
    hidden = "import.draft" if is_draft else "import.restricted" if _is_restricted(original) else ""
    return ImportedArticle(
        key=key,
        place=place,
        language=locale,
        title=_text(record, "title") or _text(record, "name"),
        text=text,
        slug=slug_of(written, slug_of(_text(record, "title"))),
        folder=_folder_key(original),
        keywords=_labels(original),
        order=_order(original),
        is_pinned=_is_true(original, "promoted"),
        addresses=tuple(filter(None, (path, bare))),
        hidden_because=hidden,
    )


def _folder_key(record: Record) -> str:
    for name, plain in (("section_id", "section"), ("category_id", "category")):
        if _text(record, name):
            return f"{plain}:{_text(record, name)}"
    for name in ("section", "category"):
        if clean(_text(record, name)):
            return f"named/{clean(_text(record, name))}"
    return ""


def _folders(
    records: Mapping[str, Record], kind: str, lists: Mapping[str, list[tuple[str, Record]]]
) -> Iterator[ImportedFolder]:
    translated: dict[str, dict[str, Record]] = {}
    for _, one in lists["translations"]:
        if _text(one, "source_type").lower() == kind:
            translated.setdefault(_text(one, "source_id"), {})[_text(one, "locale")] = one
    for key, record in records.items():
        texts = {_text(record, "locale"): record, **translated.get(key, {})}
        path = split_web(_text(record, "html_url"))[1]
        yield ImportedFolder(
            f"{kind}:{key}",
            slug_of(_name(record), f"{kind}-{key}"),
            {tag: _name(one) for tag, one in texts.items()},
            {tag: _plain(_text(one, "description") or _text(one, "body")) for tag, one in texts.items()},
            _order(record),
            (path,) if path else (),
        )


def _name(record: Record) -> str:
    return _text(record, "name") or _text(record, "title")


def _plain(html: str) -> str:
    return clean(re.sub(r"<[^>]{0,500}>", " ", html))[:300]


def _html(body: str) -> str:
    """A cell of a table may hold plain text; its lines stay paragraphs."""
    if re.search(r"<\s*/?\s*[a-zA-Z]", body):
        return body
    return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", body) if part.strip())


def _canonical(path: str) -> str:
    """An article is known by its number, whatever title or language its address says."""
    match = _ADDRESS.search(path)
    return f"{match[1]}/{match[2]}" if match else path


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _list(record: Record, key: str) -> list[object]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _labels(record: Record) -> tuple[str, ...]:
    listed = [str(one) for one in _list(record, "label_names") if isinstance(one, (str, int))]
    return (*listed, *filter(None, map(str.strip, re.split(r"[,;|]", _text(record, "labels")))))


def _is_true(record: Record, key: str) -> bool:
    value = record.get(key)
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "1", "yes", "y"})


def _is_restricted(record: Record) -> bool:
    return bool(_text(record, "user_segment_id")) or bool(_list(record, "user_segment_ids"))


def _order(record: Record) -> int | None:
    """Its place among the others; 0 is none."""
    position = _text(record, "position")
    return int(position) or None if position.isdecimal() and len(position) < 9 else None


SOURCE = Source(_recognises, _read)
