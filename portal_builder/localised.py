"""Owns how a language writes dates, times, numbers and counts: what Unicode's CLDR says of it, by Babel. Refuses words.

A language that Babel does not know is written as English; its words are its own catalogue's all the same.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.numbers import format_decimal

OTHER = "other"
"""The plural category that every language has."""
_MIDNIGHT = time(0)


@cache
def babel_locale(language: str) -> Locale:
    """What Babel knows of a language tag.

    >>> babel_locale("zh-TW"), babel_locale("tlh")
    (Locale('zh', territory='TW', script='Hant'), Locale('en'))
    """
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        return Locale("en")


@cache
def is_known(language: str) -> bool:
    """Whether Babel knows the language at all.

    >>> is_known("mn"), is_known("tlh")
    (True, False)
    """
    return babel_locale(language).language == language.split("-", maxsplit=1)[0]


def direction(language: str) -> str:
    """`rtl` or `ltr`.

    >>> direction("ar"), direction("de")
    ('rtl', 'ltr')
    """
    said: str = babel_locale(language).text_direction
    return said


def plural_category(language: str, count: int) -> str:
    """The form of the words around a count (CLDR plural rules).

    >>> plural_category("en", 1), plural_category("ko", 1), plural_category("ru", 3)
    ('one', 'other', 'few')
    """
    category: str = babel_locale(language).plural_form(count)
    return category


@cache
def plural_categories(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The forms a language needs for counts that people meet, and all that it has.

    >>> [sorted(forms) for forms in plural_categories("fr")]
    [['one', 'other'], ['many', 'one', 'other']]
    """
    rule = babel_locale(language).plural_form
    return frozenset({OTHER, *(rule(count) for count in range(1000))}), frozenset({OTHER, *rule.tags})


def number(count: int, language: str) -> str:
    """A count in digits.

    >>> number(12345, "en"), number(12345, "de")
    ('12,345', '12.345')
    """
    return str(count) if 0 <= count < 1000 else str(format_decimal(count, locale=babel_locale(language)))


def size_text(size: int, language: str) -> str:
    """A file's size in bytes as phones and desktops write it: in thousands, at least one.

    >>> [size_text(size, "de") for size in (0, 1_500, 999_499, 999_500, 2_340_000)]
    ['1 kB', '2 kB', '999 kB', '1 MB', '2,3 MB']
    """
    thousands = max(1, round(size / 1000))
    if thousands < 1000:
        return f"{thousands} kB"
    return f"{format_decimal(size / 1_000_000, '0.#', locale=babel_locale(language))} MB"


def long_date(day: date, language: str) -> str:
    """A date with its year.

    >>> long_date(date(2026, 11, 24), "ko"), long_date(date(2026, 11, 24), "es")
    ('2026년 11월 24일', '24 de noviembre de 2026')
    """
    return format_date(day, "long", locale=babel_locale(language))


def near_day(day: date, language: str) -> str:
    """A day of these weeks, with its weekday.

    >>> near_day(date(2026, 11, 24), "ko"), near_day(date(2026, 11, 24), "en")
    ('11월 24일 (화)', 'Tue, Nov 24')
    """
    return format_skeleton("MMMEd", day, locale=babel_locale(language))


def clock(moment: time | datetime, language: str) -> str:
    """A time of day, by twelve or twenty-four hours as the language has it.

    >>> clock(time(17, 30), "ko"), clock(time(17, 30), "de"), clock(time(17, 30), "id")
    ('오후 5:30', '17:30', '17.30')
    """
    pattern = babel_locale(language).time_formats["short"].pattern.replace("a", "aaaa")  # Korean's short one is English
    wall = moment.timetz().replace(tzinfo=None) if isinstance(moment, datetime) else moment
    return format_time(wall, pattern, locale=babel_locale(language))


def hours_span(opening: time, closing: time, language: str) -> str:
    """From opening to closing; a day that ends at midnight ends at 24 o'clock.

    >>> hours_span(time(9, 30), time(17, 30), "ko"), hours_span(time(9), time(0), "ja")
    ('오전 9:30 ~ 오후 5:30', '9:00～24:00')
    """
    locale = babel_locale(language)
    end = clock(closing, language)
    if closing == _MIDNIGHT:
        has_halves = "a" in locale.time_formats["short"].pattern
        end = locale.day_periods["format"]["wide"].get("midnight", "24:00") if has_halves else "24:00"
    template: str = locale.interval_formats[None]
    return template.format(clock(opening, language), end)


def with_clock(day: str, moment: datetime, language: str) -> str:
    """A day that is already written, and the time of a moment.

    >>> with_clock("Tue, Nov 24", datetime(2026, 11, 24, 17, 30), "en").replace("\\u202f", " ")
    'Tue, Nov 24, 5:30 PM'
    """
    template: str = babel_locale(language).datetime_formats["medium"]
    return template.format(clock(moment, language), day)


def long_moment(moment: datetime, language: str) -> str:
    """A date with its year and the time of day."""
    return with_clock(long_date(moment.date(), language), moment, language)


def weekdays(language: str) -> tuple[str, ...]:
    """The short names of the days, Monday first.

    >>> weekdays("ko")[:2]
    ('월', '화')
    """
    names = get_day_names("abbreviated", context="stand-alone", locale=babel_locale(language))
    return tuple(names[day] for day in range(7))


def language_name(language: str, reader: str) -> str:
    """A language's name in the reader's.

    >>> language_name("ko", "de"), language_name("zh-TW", "en")
    ('Koreanisch', 'Chinese (Traditional, Taiwan)')
    """
    return babel_locale(language).get_display_name(babel_locale(reader)) or language
