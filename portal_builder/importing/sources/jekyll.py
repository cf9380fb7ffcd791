"""Owns posts, pages and collections of a Jekyll site. Refuses to fill in Liquid: what it cannot say is told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from portal_builder.importing.dialect import common_markdown
from portal_builder.importing.documents import Document, documents, moment, nothing, plain_folders, settings
from portal_builder.importing.model import Haul, ImportedArticle, Source, loss, slug_of, split_web
from portal_builder.problem import Problem
from portal_builder.yamlfile import Tree

_POST = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-(?P<name>.+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title.html",
}
_HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+(\S+).*?%\}\n?(.*?)\n?\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_QUOTED = re.compile(r"\{\{-?\s*['\"]([^'\"{}]*)['\"]\s*\|\s*(?:relative_url|absolute_url|prepend:[^}]*)\s*-?\}\}")
_ROOT = re.compile(r"\{\{-?\s*site\.(?:baseurl|url|github\.url)\s*-?\}\}")
_LINK = re.compile(r"\{%-?\s*link\s+(.+?)\s*-?%\}")
_POST_URL = re.compile(r"\{%-?\s*post_url\s+(.+?)\s*-?%\}")
_INCLUDE = re.compile(r"\{%-?\s*include(?:_relative)?\s.*?%\}", re.DOTALL)
_LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_CONTENTS = re.compile(r"^(?:[*-]|1\.) .*\n\{:\s*toc[^}]*\}[ \t]*$", re.MULTILINE)


def _recognises(path: Path) -> int:
    if (path / "_config.yml").is_file():
        return 2
    return int((path / "_posts").is_dir())


def _read(path: Path) -> Haul:
    if not path.is_dir():
        raise nothing(path)
    config = settings(path / "_config.yml")
    losses: list[Problem] = []
    articles = [_article(document, config, losses) for document in _documents(path, config)]
    if not articles:
        raise nothing(path)
    host = split_web(str(config.get("url") or ""))[0]
    folders = tuple(plain_folders(article.folder for article in articles))
    return Haul(path, tuple(articles), folders, tuple(losses), frozenset({host} - {""}))


def _documents(path: Path, config: Mapping[str, Tree]) -> Iterator[Document]:
    collections = config.get("collections")
    named = (
        {f"_{name}" for name in collections if isinstance(name, str)}
        if isinstance(collections, (dict, list))
        else set()
    )
    read = {"_posts", "_drafts", *named}
    for document in documents(path, path, ".md", ".markdown"):
        hidden = [part for part in document.place.split("/") if part.startswith("_")]
        if document.has_front and all(part in read for part in hidden):
            yield document


def _article(document: Document, config: Mapping[str, Tree], losses: list[Problem]) -> ImportedArticle:
    text = _without_liquid(document, losses)
    converted = common_markdown(text)
    losses += [loss(document.place, key, name=name) for key, name in converted.losses]
    stem = posixpath.splitext(document.place)[0]
    post = _POST.fullmatch(posixpath.basename(stem)) if "_posts" in document.place.split("/") else None
    name = post["name"] if post else posixpath.basename(stem)
    name = posixpath.basename(posixpath.dirname(stem)) or "home" if name.lower() in {"index", "readme"} else name
    address = _address(document, stem, post, config)
    is_draft = document.is_set("published", "false") or document.is_set("draft") or "_drafts" in document.place
    date = document.say("date") or (post["day"] if post else "")
    return ImportedArticle(
        key=document.say("ref", "translation_id", "lang_ref") or address,
        place=document.place,
        language=document.say("lang", "language", "locale"),
        title=document.title or name.replace("-", " "),
        text=converted.text,
        slug=slug_of(document.say("slug") or name),
        folder=_folder(document),
        summary=document.say("description", "excerpt"),
        keywords=document.names("keywords"),
        tags=document.names("tags", "tag"),
        order=document.order,
        publish_at=moment(date) if post else "",
        addresses=(address, *_redirects(document)),
        hidden_because="import.draft" if is_draft else "",
    )


def _folder(document: Document) -> str:
    """The first category it names, else the folder or collection that it lies in."""
    categories = document.names("categories", "category")
    parts = [part.removeprefix("_") for part in document.place.split("/")[:-1] if part not in {"_posts", "_drafts"}]
    return next(iter((*categories, *parts)), "")


def _address(document: Document, stem: str, post: re.Match[str] | None, config: Mapping[str, Tree]) -> str:
    written = config.get("permalink")
    style = written if isinstance(written, str) else "date"
    pattern = document.say("permalink") or (_STYLES.get(style, style) if post else "")
    if not pattern:
        bare = "/".join(part.removeprefix("_") for part in stem.split("/"))
        return f"{bare}/" if style == "pretty" else f"{bare}.html"
    year, month, day = (post["day"] if post else "0000-00-00").split("-")
    name = post["name"] if post else posixpath.basename(stem)
    words = {"categories": "/".join(document.names("categories", "category")).lower(), "title": name, "slug": name}
    words |= {"year": year, "month": month, "day": day, "name": name, "path": stem.lstrip("_")}
    filled = re.sub(r":(\w+)", lambda match: words.get(match[1], ""), pattern)
    return re.sub(r"/{2,}", "/", filled).lstrip("/")


def _redirects(document: Document) -> tuple[str, ...]:
    return tuple(one.strip("/") for one in document.names("redirect_from"))


def _without_liquid(document: Document, losses: list[Problem]) -> str:
    """What Liquid says in plain words, and the rest told and left out."""

    def left_out(key: str) -> Callable[[re.Match[str]], str]:
        def leave(match: re.Match[str]) -> str:
            losses.append(loss(document.place, key, name=re.sub(r"\s+", " ", match[0])[:80]))
            return ""

        return leave

    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\ue002{len(kept) - 1}\ue003"

    text = _CONTENTS.sub("", _COMMENT.sub("", document.text))
    text = _RAW.sub(keep, _HIGHLIGHT.sub(r"```\1\n\2\n```", text))
    text = _ROOT.sub("", _QUOTED.sub(r"\1", text))
    text = _POST_URL.sub(lambda match: f"/_posts/{match[1].strip('/')}.md", _LINK.sub(r"/\1", text))
    text = _LIQUID.sub(left_out("import.liquid"), _INCLUDE.sub(left_out("import.include"), text))
    return re.sub("\ue002(\\d+)\ue003", lambda match: kept[int(match[1])], text)


SOURCE = Source(_recognises, _read)
