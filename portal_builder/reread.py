"""Owns bringing a help centre up to date after an edit: texts whose files changed are read again, nothing else is.

Refuses changes of which it cannot be sure what they touch: whoever gets nothing back reads everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from portal_builder.article import Article
from portal_builder.centre import Centre
from portal_builder.library import TREES, Asset, Library, is_file, read_afresh, read_asset, used_files
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
        """The help centre after these files changed; nothing where that may touch more than texts already known.

        `centre` is what this made of `whole` before, or `whole` itself.
        """
        known, fresh = centre.library.by_path, dict[str, Article]()
        problems: dict[str, tuple[Problem, ...]] = {}
        for file in changed:
            if not file.is_relative_to(centre.root):
                return None
            path = file.relative_to(centre.root).as_posix()
            if path in known and is_file(file):
                article, problems[path] = read_afresh(file, path)
                if article is None or (article.id, article.language) != (known[path].id, known[path].language):
                    return None
                fresh[path] = as_it_is(article, self._tongues)
            elif not _is_passing(centre, file, path):
                return None
        if not fresh:
            return centre
        articles = tuple(fresh.get(article.path, article) for article in centre.library.articles)
        kept = (problem for problem in centre.problems if problem.path not in problems)
        said = tuple(sorted({*kept, *(problem for some in problems.values() for problem in some)}))
        assets = {**centre.library.assets, **_new_assets(centre, fresh.values())}
        return replace(centre, library=Library(articles, assets), problems=said)


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
