"""Owns turning checked answers into an inquiry, in the words the team reads. Pure: refuses disk, clock and chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bridge.centre import Place
from bridge.inquiry import Answer, Inquiry, StoredFile, Tag
from bridge.wording import one_line
from portal_builder.answers import Answers
from portal_builder.catalogue import Catalogue
from portal_builder.form import BOXES, FormField

_SUBJECT_LENGTH = 100


def compose(
    receipt: str,
    place: Place,
    source_words: Catalogue,
    answers: Answers,
    files: Sequence[StoredFile],
    page: str,
    received_at: datetime,
) -> Inquiry:
    brand, form = place.brand, place.form
    return Inquiry(
        receipt=receipt,
        brand=brand.folder,
        language=place.words.language,
        form=form.name,
        title=brand.say(form.file.title, brand.source_language),
        received_at=received_at,
        email=_email(place, answers),
        subject=_subject(place, answers),
        page=page,
        answers=tuple(
            _answer(place, source_words, field, answers) for field in form.fields if field.name in answers.values
        ),
        tags=tuple(tags_of(form.fields, answers.values)),
        files=tuple(files),
        retention_days=form.file.retention_days,
    )


def _email(place: Place, answers: Answers) -> str:
    """The first address given: a form may ask for another one under a condition."""
    fields = (field for field in place.form.fields if field.type == "email")
    return next((answers.one(field.name) for field in fields if answers.one(field.name)), "")


def _subject(place: Place, answers: Answers) -> str:
    """The question named `subject`, else the first line of the first long text."""
    texts = (answers.one(field.name) for field in place.form.fields if field.type == "long_text")
    first_line = next((text.splitlines()[0] for text in texts if text), "")
    return one_line(answers.one("subject") or first_line, _SUBJECT_LENGTH)


def _answer(place: Place, source_words: Catalogue, field: FormField, answers: Answers) -> Answer:
    brand, values = place.brand, answers.values[field.name]
    if field.type in BOXES:
        shown = tuple(source_words.say("mail.yes") for _ in values)
    else:
        labels = {option.value: brand.say(option.label, source_words.language) for option in field.options}
        shown = tuple(labels.get(value, value) for value in values)
    return Answer(field.name, field.type, brand.say(field.label, source_words.language), values, shown)


def tags_of(fields: Iterable[FormField], values: Mapping[str, Sequence[str]]) -> Iterable[Tag]:
    """What the chosen options say about why somebody writes."""
    for field in fields:
        for value in values.get(field.name, ()):
            option = field.option(value)
            if option and option.tags:
                yield Tag(option.tags.cause, option.tags.polarity)
