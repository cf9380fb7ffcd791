"""Owns how long what customers sent is kept, and deleting it after that. Refuses to let go silently of what was not
delivered: it is held back, and said, until a person closes it or a rule of its own allows it.

An inquiry is done with when every delivery of it has reached its sink, or when a person closes it. Its days run from
then: as many as the customer was told, or fewer where the form says fewer by now. Never more.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.centre import Centre
from bridge.settings import Settings
from bridge.store.engines import Database
from bridge.store.retention import (
    BATCH,
    HELD_BACK,
    Standing,
    alarm_held_back,
    append,
    counts_of,
    next_instant,
    remove,
    remove_files,
    standing_of,
    standings,
)

UNTOLD = 180
"""Days for an inquiry whose form is gone and that does not say what the customer was told."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rules:
    days: Mapping[str, int]
    """By form, what its file says now."""
    held_days: int
    """For what was held as suspicious and nobody released."""
    undelivered_days: int | None
    """For what could not be delivered; None keeps it until a person closes it."""

    def days_of(self, standing: Standing) -> int:
        known = [days for days in (standing.retention_days, self.days.get(standing.form)) if days]
        return min(known, default=UNTOLD)


def rules_of(centre: Centre, settings: Settings) -> Rules:
    days = {name: form.file.retention_days for name, form in centre.forms.items()}
    return Rules(days, settings.held_days, settings.undelivered_days)


@dataclass(frozen=True)
class Report:
    """What a purge did, or would do."""

    gone: tuple[tuple[str, str], ...] = ()
    """Receipt numbers and why."""
    files: int = 0
    """Attachments deleted, those of inquiries that stay included."""
    held_back: tuple[str, ...] = ()
    """Receipt numbers whose time is over, but which nobody has been given yet."""
    kept_files: int = 0
    """Files of forms that were never sent."""
    leftovers: int = 0
    """Files that belong to nothing any more."""
    proof: str = ""
    cleaned: bool = True
    """Whether the database has no trace of it on the disk; else the running service sees to it within a minute."""


@dataclass(frozen=True)
class Purge:
    """All that is needed to delete. The sweeps and the cleaning belong to whoever owns the data folder."""

    database: Database
    discard: Callable[[Iterable[str]], None]
    """Bytes of attachments, by id."""
    sweep_kept: Callable[[], int]
    sweep_leftovers: Callable[[], int]
    clean: Callable[[], bool]

    def overdue(self, rules: Rules, now: datetime) -> Report:
        """What `run` would do; nothing is changed. Files of forms that were never sent are not counted."""
        report, after = Report(), None
        while True:
            with self.database.reading() as connection:
                batch = standings(connection, now, after)
            gone, held_back = _judged(batch, rules, now)
            listed = tuple((one.receipt, why) for one, why in gone)
            report = replace(report, gone=report.gone + listed, held_back=report.held_back + held_back)
            if len(batch) < BATCH:
                return report
            after = (batch[-1].received_at, batch[-1].receipt)

    def run(self, rules: Rules, now: datetime, action: str) -> Report:
        """Delete what is over, a batch a transaction, each with its row of the log; at least one row is written."""
        report, after, more = Report(), None, True
        waiting: Counter[str] = Counter()
        while more:
            with self.database.transaction() as connection:
                batch = standings(connection, now, after)
                gone, held_back = _judged(batch, rules, now)
                waiting.update(one.brand for one in batch if one.receipt in held_back)
                at = next_instant(connection, now)
                ids = remove(connection, gone, at)
                ids += remove_files(connection, _done(batch, gone), now)
                more = len(batch) == BATCH
                if gone or ids or not more:
                    counts = counts_of(gone, len(ids)) | {"held_back": len(held_back)}
                    row = append(connection, at, action, counts)
                    report = replace(report, proof=row.proof)
                if not more:
                    alarm_held_back(connection, waiting, at)
            self.discard(ids)  # after the rows: a file without a row is swept up, a row without a file is a loss
            listed = tuple((one.receipt, why) for one, why in gone)
            report = replace(
                report,
                gone=report.gone + listed,
                files=report.files + len(ids),
                held_back=report.held_back + held_back,
            )
            after = (batch[-1].received_at, batch[-1].receipt) if batch else None
        report = replace(report, kept_files=self.sweep_kept(), leftovers=self.sweep_leftovers(), cleaned=self.clean())
        _tell(report)
        return report

    def erase(self, receipts: Sequence[str], now: datetime) -> Report:
        """Delete these inquiries whatever their rules and states are: the person they are about has asked for it."""
        with self.database.transaction() as connection:
            gone = [(one, "erased") for one in standing_of(connection, receipts)]
            at = next_instant(connection, now)
            ids = remove(connection, gone, at)
            row = append(connection, at, "erase", counts_of(gone, len(ids)))
        self.discard(ids)
        listed = tuple((one.receipt, why) for one, why in gone)
        report = Report(gone=listed, files=len(ids), proof=row.proof, cleaned=self.clean())
        _tell(report)
        return report


def _judged(
    batch: Sequence[Standing], rules: Rules, now: datetime
) -> tuple[list[tuple[Standing, str]], tuple[str, ...]]:
    """Those whose time is over, each with the reason, and the receipts of those that are held back."""
    verdicts = [(one, _verdict(one, rules, now)) for one in batch]
    gone = [(one, why) for one, why in verdicts if why and why != HELD_BACK]
    return gone, tuple(one.receipt for one, why in verdicts if why == HELD_BACK)


def _verdict(one: Standing, rules: Rules, now: datetime) -> str:
    """Why it goes, `held_back`, or nothing while its time is not over."""

    def over(begin: datetime, days: int) -> bool:
        return begin + timedelta(days=days) <= now

    days = rules.days_of(one)
    if done := _done_at(one):
        return "retention" if over(done, days) else ""
    if one.held == one.waiting:
        return "held" if over(one.received_at, rules.held_days) else ""
    if rules.undelivered_days and over(one.received_at, max(days, rules.undelivered_days)):
        return "undelivered"
    return HELD_BACK if over(one.received_at, days) else ""


def _done_at(one: Standing) -> datetime | None:
    if one.closed_at or one.waiting:
        return one.closed_at
    return one.settled_at or one.received_at


def _done(batch: Sequence[Standing], gone: Sequence[tuple[Standing, str]]) -> Mapping[str, datetime]:
    """Those that stay and are done with, and since when: their attachments may be over before they are."""
    going = {one.receipt for one, _ in gone}
    return {one.receipt: at for one in batch if one.receipt not in going and (at := _done_at(one))}


def _tell(report: Report) -> None:
    counts = {"inquiries": len(report.gone), "files": report.files, "held_back": len(report.held_back)}
    log.info("purged %(inquiries)d inquiries, %(files)d files; %(held_back)d held back", counts)
    log.info("proof of the purge: %(proof)s", {"proof": report.proof})
    if report.held_back:
        log.error(
            "%(count)d inquiries are past their time and were never delivered: retry or close them",
            {"count": len(report.held_back)},
        )
