"""Owns taking an inquiry in: checked, its files and its row durable, and only then a receipt number. Refuses HTTP.

The order is the promise: files on disk, then one transaction with the inquiry and its deliveries, then the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Protocol

from bridge.centre import Centre, Place
from bridge.files.vault import Vault
from bridge.inquiry import Consent, Screening, StoredFile
from bridge.intake.compose import compose
from bridge.intake.kept import Kept, KeptFile
from bridge.intake.receipt import new_receipt
from bridge.outside import Outside
from bridge.replies.plans import ReplyPlans
from bridge.routing.rules import facts_of
from bridge.screening.post import SAME_WITHIN, Incoming, Post
from bridge.screening.screener import Screener
from bridge.store import Store, StoreError
from portal_builder.answers import Answers, Fault, Upload, check, clean_file_name
from portal_builder.consent import notices
from portal_builder.form import FormField
from portal_builder.sensitive import find_sensitive, masked

FILE_AGAIN = "file_again"
"""The fault of a file we had, or should have kept, and have not: it must be chosen again."""

log = logging.getLogger(__name__)


class Source(Protocol):
    """A file of a form, wherever its bytes are."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def open(self) -> IO[bytes]: ...


@dataclass(frozen=True)
class Accepted:
    receipt: str


@dataclass(frozen=True)
class Returned:
    """Not taken: what is to be mended, and the files that are here already."""

    faults: tuple[Fault, ...]
    kept: Mapping[str, tuple[KeptFile, ...]]


@dataclass(frozen=True)
class Intake:
    centre: Centre
    store: Store
    vault: Vault
    kept: Kept
    screener: Screener
    plans: ReplyPlans
    outside: Outside
    wake: Callable[[], None]
    """Told after every inquiry taken in."""

    def receive(self, place: Place, post: Post, *, keep_files: bool) -> Accepted | Returned:
        """Take the inquiry in, or say what is wrong with it. StoreError and OSError: not now, nothing was recorded."""
        self.kept.sweep()
        if earlier := self._earlier(place, post):
            return Accepted(earlier)
        kept, lost = self._find_kept(place, post)
        sources: dict[str, tuple[Source, ...]] = {
            field.name: (*kept[field.name], *post.files.get(field.name, ())) for field in _file_fields(place)
        }
        checked = check(place.form, post.raw, {name: _uploads(files) for name, files in sources.items()})
        if isinstance(checked, Answers) and not lost:
            return Accepted(self._accept(place, post, checked, sources))
        faults = [*(() if isinstance(checked, Answers) else checked), *lost]
        if keep_files:
            faults += self._keep(place, post.files, kept)
        log.info("returned %s: %s", place.log_name, ", ".join(f"{fault.field} {fault.code}" for fault in faults))
        return Returned(_in_order(place, faults), kept)

    def _earlier(self, place: Place, post: Post) -> str | None:
        now = self.outside.now()
        since = None if post.key else now - SAME_WITHIN
        for mark in post.marks(now):
            if receipt := self.store.receipt_for(place.brand.folder, place.form.name, mark, since):
                return receipt
        return None

    def _find_kept(self, place: Place, post: Post) -> tuple[dict[str, tuple[KeptFile, ...]], list[Fault]]:
        """By field, the files that an earlier post brought without those dropped; and a fault for each that is gone."""
        kept: dict[str, tuple[KeptFile, ...]] = {}
        lost: list[Fault] = []
        for field in _file_fields(place):
            name = field.name
            found = {token: self.kept.find(place.scope, name, token) for token in post.kept.get(name, ())}
            dropped = {token: found.pop(token, None) for token in post.dropped.get(name, ())}
            for file in dropped.values():
                if file:
                    self.kept.drop(file)
            kept[name] = tuple(file for file in found.values() if file)
            lost += [Fault(name, FILE_AGAIN, {})] if len(kept[name]) < len(found) else []
        return kept, lost

    def _keep(
        self, place: Place, files: Mapping[str, Sequence[Incoming]], kept: dict[str, tuple[KeptFile, ...]]
    ) -> Iterator[Fault]:
        """Add to `kept` what arrived and may be sent, whatever field was at fault; a fault where there is no room."""
        for field in _file_fields(place):
            for file in files.get(field.name, ()):
                name = clean_file_name(file.name)
                if not _may_be_sent(field, name, file.size):
                    continue  # its fault says why
                stored = self.kept.keep(place.scope, field.name, name, file.size, file.open())
                if stored:
                    kept[field.name] += (stored,)
                else:
                    yield Fault(field.name, FILE_AGAIN, {})

    def _accept(self, place: Place, post: Post, answers: Answers, sources: Mapping[str, Sequence[Source]]) -> str:
        stored: list[StoredFile] = []
        ours = False
        try:
            self._put_files(place, answers, sources, stored)
            receipt, ours = self._record(place, post, answers, stored)
        finally:
            if not ours:
                self.vault.discard(file.id for file in stored)
        if ours:
            size = sum(file.size for file in stored)
            log.info("accepted %s from %s: %d files, %d bytes", receipt, place.log_name, len(stored), size)
            self.wake()
        return receipt

    def _put_files(
        self, place: Place, answers: Answers, sources: Mapping[str, Sequence[Source]], stored: list[StoredFile]
    ) -> None:
        """Add each to `stored` as soon as it lies on disk, so that a full disk leaves none behind unseen."""
        for field, uploads in answers.files.items():
            for upload, source in zip(uploads, sources[field], strict=True):
                with source.open() as stream:
                    file = self.vault.put(stream)
                days = asked.retention_days if (asked := place.form.field(field)) else None
                stored.append(StoredFile(file.id, field, upload.name, file.size, file.sha256, days))
        if stored:
            self.vault.settle()

    def _record(self, place: Place, post: Post, answers: Answers, files: list[StoredFile]) -> tuple[str, bool]:
        """The receipt number, and whether this call made it: the same form may come twice at once."""
        routing = self.centre.routing(place.brand)
        words = self.centre.source_words(place.brand)
        hidden = tuple(f"{one.field} {one.kind}" for one in answers.masked)
        consents = tuple(_consents(place, answers))
        for _ in range(3):  # a third number that is taken is not chance but a broken source of it
            receipt, now = new_receipt(self.outside.secret_bytes), self.outside.now()
            inquiry = compose(receipt, place, words, answers, files, _without_numbers(post.page), now)
            sinks = routing.choose(facts_of(inquiry), self.store.take_turn)
            screened = self.screener.screen(place, post, answers)
            screening = replace(screened.screening, masked=hidden)
            reply = self.plans.plan(inquiry.brand, inquiry.form, inquiry.email)
            if self.store.accept(
                inquiry,
                sinks,
                post.marks(now)[0],
                screening=screening,
                consents=consents,
                reply=reply,
                tokens=screened.tokens,
            ):
                self._tell(inquiry.receipt, screening)
                return receipt, True
            if earlier := self._earlier(place, post):
                return earlier, False
        raise StoreError("no free receipt number")

    def _tell(self, receipt: str, screening: Screening) -> None:
        if screening.held:
            log.info("held %s: %s", receipt, ", ".join(screening.held))


def _uploads(files: Iterable[Source]) -> list[Upload]:
    return [Upload(file.name, file.size) for file in files]


def _consents(place: Place, answers: Answers) -> Iterable[Consent]:
    """What this customer read, in their language, and which boxes they ticked."""
    for told in notices(place.form, place.brand, place.words):
        given = not told.field or bool(answers.one(told.field))
        language = place.words.language
        yield Consent(told.field, told.basis, told.text_hash, told.version, language, given, told.text)


def _without_numbers(page: str) -> str:
    return masked(page, find_sensitive(page))


def _file_fields(place: Place) -> Iterable[FormField]:
    return (field for field in place.form.fields if field.type == "file")


def _may_be_sent(field: FormField, name: str, size: int) -> bool:
    return 0 < size <= field.max_mb * 1_000_000 and name.rpartition(".")[2].lower() in field.accept


def _in_order(place: Place, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """As the fields stand on the page, each said once."""
    names = [field.name for field in place.form.fields]
    unique = {(fault.field, fault.code, *fault.values.items()): fault for fault in faults}
    return tuple(sorted(unique.values(), key=lambda fault: names.index(fault.field)))
