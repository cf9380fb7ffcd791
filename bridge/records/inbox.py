"""Owns how the inbox is told: as values for `--json`, as lines for people. Refuses the database and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bridge.inquiry import Consent, Delivery, Entry
from bridge.records.zones import Zones
from bridge.wording import one_line
from portal_builder.catalogue import Catalogue
from portal_builder.localised import size_text
from portal_builder.speech import table_lines

_WIDEST = 40


def entry_tree(entry: Entry) -> dict[str, Any]:
    """One inquiry as `inbox --json` lists it (fixed)."""
    inquiry = entry.inquiry
    return {
        "receipt": inquiry.receipt,
        "brand": inquiry.brand,
        "language": inquiry.language,
        "form": inquiry.form,
        "received_at": inquiry.received_at.isoformat(),
        "state": entry.state,
        "held": list(entry.held),
        "verified_at": entry.verified_at.isoformat() if entry.verified_at else None,
        "email": inquiry.email,
        "subject": inquiry.subject,
        "deliveries": [_delivery_tree(delivery) for delivery in entry.deliveries],
        "files": [{"name": file.name, "size": file.size} for file in inquiry.files],
    }


def full_tree(entry: Entry) -> dict[str, Any]:
    """One inquiry as `inbox show --json` prints it."""
    inquiry = entry.inquiry
    return entry_tree(entry) | {
        "title": inquiry.title,
        "page": inquiry.page,
        "masked": list(entry.masked),
        "closed_at": entry.closed_at.isoformat() if entry.closed_at else None,
        "tags": [{"cause": tag.cause, "polarity": tag.polarity} for tag in inquiry.tags],
        "answers": [
            {"name": answer.name, "label": answer.label, "values": list(answer.values), "shown": list(answer.shown)}
            for answer in inquiry.answers
        ],
        "files": [
            {"id": file.id, "field": file.field, "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in inquiry.files
        ],
    }


def list_lines(entries: Iterable[Entry], words: Catalogue, zones: Zones) -> Iterable[str]:
    """A table, the newest first."""
    names = ("receipt", "received", "where", "state", "email", "subject")
    head = [words.say(f"bridge.column.{name}") for name in names]
    return table_lines(head, (_row(entry, words, zones) for entry in entries))


def held_lines(entries: Iterable[Entry], words: Catalogue, zones: Zones) -> Iterable[str]:
    """A table of what is held and why, the newest first."""
    names = ("receipt", "received", "email", "subject", "held")
    head = [words.say(f"bridge.column.{name}") for name in names]
    return table_lines(head, (_held_row(entry, words, zones) for entry in entries))


def show_lines(entry: Entry, words: Catalogue, zones: Zones, consents: Iterable[Consent] = ()) -> Iterable[str]:
    """Everything about one inquiry."""
    inquiry = entry.inquiry
    received = zones.text(inquiry.received_at, inquiry.brand)
    yield f"{inquiry.receipt}  {received}  {inquiry.brand}/{inquiry.language}/{inquiry.form}"
    if inquiry.page:
        yield f"{words.say('bridge.page')}: {inquiry.page}"
    for answer in inquiry.answers:
        if answer.shown:
            yield f"\n{answer.label}"
            yield from (f"  {line}" for text in answer.shown for line in text.splitlines())
    if inquiry.files:
        yield f"\n{words.say('bridge.files')}"
        yield from (f"  {file.name} ({size_text(file.size, words.language)})  {file.id}" for file in inquiry.files)
    if entry.held:
        yield f"\n{words.say('bridge.held', reasons=_reasons(entry, words))}"
    if entry.verified_at:
        yield f"\n{words.say('bridge.verified', at=zones.text(entry.verified_at, inquiry.brand))}"
    if entry.masked:
        yield f"\n{words.say('bridge.masked')}: {', '.join(entry.masked)}"
    for consent in consents:
        yield f"\n{words.say('bridge.consents')}: {_consent_line(consent, words)}"
    yield f"\n{words.say('bridge.deliveries')}"
    yield from (f"  {_delivery_line(delivery, words, zones, inquiry.brand)}" for delivery in entry.deliveries)


def _delivery_tree(delivery: Delivery) -> dict[str, Any]:
    return {
        "sink": delivery.sink,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at.isoformat() if delivery.next_at else None,
        "error": delivery.error,
    }


def _consent_line(consent: Consent, words: Catalogue) -> str:
    kind = ("given" if consent.given else "refused") if consent.field else "notice"
    marks = (consent.field, consent.version, consent.language, consent.text_hash[:12])
    return " ".join((words.say(f"bridge.consent.{kind}"), *(mark for mark in marks if mark)))


def _delivery_line(delivery: Delivery, words: Catalogue, zones: Zones, brand: str) -> str:
    state = words.say(f"bridge.state.{delivery.state}")
    line = words.say("bridge.delivery", sink=delivery.sink, state=state, attempts=delivery.attempts)
    if delivery.next_at and delivery.state == "retry":
        line += f", {words.say('bridge.again', at=zones.text(delivery.next_at, brand))}"
    return f"{line}: {_why(delivery, words)}" if delivery.error else line


def _why(delivery: Delivery, words: Catalogue) -> str:
    """A code that has words, else what the other side said."""
    return words.words.get(f"bridge.skipped.{delivery.error}", delivery.error)


def _reasons(entry: Entry, words: Catalogue) -> str:
    return "; ".join(words.words.get(f"bridge.held.{code}", code) for code in entry.held)


def _held_row(entry: Entry, words: Catalogue, zones: Zones) -> Sequence[str]:
    inquiry = entry.inquiry
    subject, received = one_line(inquiry.subject, _WIDEST), zones.text(inquiry.received_at, inquiry.brand)
    return [inquiry.receipt, received, inquiry.email, subject, _reasons(entry, words)]


def _row(entry: Entry, words: Catalogue, zones: Zones) -> Sequence[str]:
    inquiry = entry.inquiry
    where = f"{inquiry.brand}/{inquiry.language}/{inquiry.form}"
    state, subject = words.say(f"bridge.state.{entry.state}"), one_line(inquiry.subject, _WIDEST)
    received = zones.text(inquiry.received_at, inquiry.brand)
    return [inquiry.receipt, received, where, state, inquiry.email, subject]
