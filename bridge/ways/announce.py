"""Owns what a chat room is told of an inquiry: that it is there. Refuses everything a customer wrote."""

from __future__ import annotations

from bridge.ways.parcel import Parcel
from portal_builder.localised import language_name


def announcement(parcel: Parcel) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A title, and facts by their names. Rooms have many readers, and keep what was said for ever."""
    inquiry, words = parcel.inquiry, parcel.words
    brand = parcel.brand.say(parcel.brand.file.name, words.language)
    language = language_name(inquiry.language, words.language)
    facts = [
        (words.say("mail.receipt"), inquiry.receipt),
        (words.say("mail.form"), inquiry.title),
        (words.say("mail.language"), f"{language} ({inquiry.language})"),
        (words.say("mail.tags"), ", ".join(f"{tag.cause} ({tag.polarity})" for tag in inquiry.tags)),
    ]
    if inquiry.files:
        facts.append((words.say("mail.notice.files"), str(len(inquiry.files))))
    return words.say("mail.notice.title", brand=brand), tuple((name, value) for name, value in facts if value)
