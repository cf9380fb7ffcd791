"""Owns bringing a help centre up to date after an edit: texts whose files changed are read again, nothing else is.

Refuses changes of which it cannot be sure what they touch: whoever gets nothing back reads everything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from portal_builder.article import Article
from portal_builder.centre import Centre
from portal_builder.library import Asset, Library, is_file, is_text, read_afresh, read_asset, used_files
from portal_builder.places import TREES
from portal_builder.problem import Problem
from portal_builder.tongues.claims import as_it_is
from portal_builder.tongues.judge import Tongues


@dataclass(frozen=True)
class Reread:
    """A help centre that was read whole, and what reading one of its texts again takes."""

    whole: Centre

    @cached_property
    def _tongues(self) -> Tongues:
        """Learnt once: it costs more than all else here."""
        return Tongues(self.whole.catalogues)

    def after(self, centre: Centre, changed: Iterable[Path]) -> Centre | None:
        """The help centre after these files changed, came or went; nothing where that may touch more than texts.

        `centre` is what this made of `whole` before, or `whole` itself; pictures that nothing shows now stay
        known.
        """
        known = centre.library.by_path
        texts, problems = dict(known), dict[str, tuple[Problem, ...]]()
        for file in changed:
            path = file.relative_to(centre.root).as_posix() if file.is_relative_to(centre.root) else ""
            if path in texts or (is_text(centre.root, file) and path == unicodedata.normalize("NFC", path)):
                before = texts.get(path)
                article, problems[path] = read_afresh(file, path) if is_file(file) else (None, ())
                if any(_is_overridden(centre, one) for one in (before, article) if one):
                    return None
                if article:
                    texts[path] = as_it_is(article, self._tongues)
                else:
                    texts.pop(path, None)
            elif not _is_passing(centre, file, path):
                return None
        if not problems:
            return centre
        kept = (problem for problem in centre.problems if problem.path not in problems)
        said = tuple(sorted({*kept, *(problem for some in problems.values() for problem in some)}))
        assets = {**centre.library.assets, **_new_assets(centre, [texts[path] for path in problems if path in texts])}
        articles = sorted(texts.values(), key=_place) if texts.keys() - known.keys() else texts.values()
        return replace(centre, library=Library(tuple(articles), assets), problems=said)


def _place(article: Article) -> tuple[int, list[str]]:
    """Texts stand in the order in which their folders are walked."""
    tree, *inner = article.path.split("/")
    return TREES.index(tree), inner


def _is_overridden(centre: Centre, article: Article) -> bool:
    """Whether a brand says parts of it differently: which files that shows was found out with the text as it was."""
    return any(own.article == article.id for override in centre.overrides.values() for own in override.sections)


def _is_passing(centre: Centre, file: Path, path: str) -> bool:
    """Whether an editor only passed by: a file beside the text that it saved, that nobody shows."""
    if path.partition("/")[0] not in TREES or file.is_dir():
        return False
    known = (*centre.library.by_path, *centre.library.assets)
    if any(name == path or name.startswith(f"{path}/") for name in known):
        return False
    return file.name.startswith(".") or file.name.endswith("~") or not file.exists()


def _new_assets(centre: Centre, articles: Iterable[Article]) -> dict[str, Asset]:
    keys = {key for article in articles for key in used_files(article)} - centre.library.assets.keys()
    return {key: read_asset(centre.root / key) for key in sorted(keys) if is_file(centre.root / key)}
