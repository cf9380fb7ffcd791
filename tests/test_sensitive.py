"""Registration and card numbers are found as people write them; other long numbers of a shop are left alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_builder.sensitive import find_sensitive, masked

Maker = Callable[[random.Random], str]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("900101-1234568", "******-*******"),  # right check digit
        ("900101-1234567", "******-*******"),  # wrong one, but written as such a number
        ("제 주민번호는 900101 - 1234567입니다", "제 주민번호는 ****** - *******입니다"),
        ("주민등록번호 2101013234560", "주민등록번호 *************"),
        ("9001011234568", "*************"),
        ("９００１０１－１２３４５６８", "******－*******"),
        ("900101–5234567", "******–*******"),  # an alien registration number, with an en dash
        ("카드 4111 1111 1111 1111 12/29", "카드 **** **** **** 1111 12/29"),
        ("4111-1111-1111-1111 0129", "****-****-****-1111 0129"),
        ("378282246310005", "***********0005"),
        ("3782-822463-10005", "****-******-*0005"),
        ("9490 1234 5678 9005", "**** **** **** 9005"),  # Korea alone
        ("두 개: 5105105105105100, 4012888888881881", "두 개: ************5100, ************1881"),
    ],
)
def test_they_are_found_as_people_write_them(text: str, hidden: str) -> None:
    assert masked(text, find_sensitive(text)) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "9001011234560",  # no right check digit, nothing names it
        "901301-1234567",  # the thirteenth month
        "900101-9234567",  # nobody alive
        "OD-900101-1234567",  # a part of something longer
        "900101-1234567-1",
        "4111-1111-1111-1112",
        "9400 1118 9922 3344 5566 77",  # a tracking number
        "20261121-0001234",
        "010-1234-5678",
        "123456-01-234567",  # an account
        "언제 오나요?",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert find_sensitive(text) == ()


@given(st.text(max_size=300))
def test_any_text_keeps_its_length_and_its_other_characters(text: str) -> None:
    """Only digits are hidden, and never more than were found; whatever is written, nothing breaks."""
    found = find_sensitive(text)
    after = masked(text, found)
    assert len(after) == len(text)
    spans = {at for one in found for at in range(one.start, one.end)}
    assert all(
        before == now or (now == "*" and at in spans) for at, (before, now) in enumerate(zip(text, after, strict=True))
    )
    assert find_sensitive(after) == ()


def _digits(chance: random.Random, count: int, first: str = "0123456789") -> str:
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(count - 1))


def _shaped(*shapes: tuple[int, ...], first: str = "0123456789") -> Maker:
    def make(chance: random.Random) -> str:
        return "-".join(
            _digits(chance, size, first if at == 0 else "0123456789") for at, size in enumerate(chance.choice(shapes))
        )

    return make


def _day(chance: random.Random) -> date:
    return date(2022, 1, 1) + timedelta(days=chance.randrange(1800))


def _phone(chance: random.Random) -> str:
    four, more = _digits(chance, 4), _digits(chance, 4)
    return chance.choice((f"010-{four}-{more}", f"02-{four}-{more}", f"+82 10 {four} {more}", f"010{four}{more}"))


def _order(chance: random.Random) -> str:
    day = _day(chance)
    return chance.choice(
        (
            f"OD-{day:%Y%m%d}-{_digits(chance, 4)}",
            f"{day:%Y%m%d}-{_digits(chance, 7)}",
            f"{day:%Y%m%d}{_digits(chance, 8)}",  # sixteen digits, as the largest shop writes them
            f"{day:%y%m%d}{_digits(chance, 6)}",
            _digits(chance, 14, "123"),
        )
    )


def _tracking(chance: random.Random) -> str:
    fours = [_digits(chance, 4) for _ in range(4)]
    american = " ".join((f"94{_digits(chance, 2)}", *fours, _digits(chance, 2)))
    return chance.choice((_digits(chance, 10), _digits(chance, 12), _digits(chance, 13), "-".join(fours[:3]), american))


_ACCOUNTS = ((3, 3, 6), (6, 2, 6), (4, 3, 6), (3, 6, 5), (3, 6, 2, 3), (3, 4, 4, 2), (4, 2, 7), (4, 4, 4, 1), (14,))
HARMLESS: Mapping[str, Maker] = {
    "order numbers": _order,
    "phone numbers": _phone,
    "account numbers": _shaped(*_ACCOUNTS, (12,)),
    "tracking numbers": _tracking,
}


def _resident(chance: random.Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(31_000))
    century = chance.choice("12" if born.year < 2000 else "34")
    twelve = f"{born:%y%m%d}{century}{_digits(chance, 5)}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = (11 - sum(int(digit) * weight for digit, weight in zip(twelve, weights, strict=True)) % 11) % 10
    number = f"{twelve}{check}"
    return chance.choice((f"{number[:6]}-{number[6:]}", number, f"{number[:6]}-{twelve[6:]}{_digits(chance, 1)}"))


def _card(chance: random.Random) -> str:
    fifteen = chance.choice(("4", "51", "54", "2221", "3528", "6250", "9490")).ljust(15, "x")
    fifteen = "".join(_digits(chance, 1) if digit == "x" else digit for digit in fifteen)
    total = 0
    for at, digit in enumerate(reversed(fifteen)):
        value = int(digit) * (1 if at % 2 else 2)
        total += value - 9 if value > 9 else value
    number = f"{fifteen}{-total % 10}"
    return chance.choice(("", "-", " ")).join(number[at : at + 4] for at in range(0, 16, 4))


def test_how_often_it_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 5,000 harmless numbers of a kind 0.5 % at most are taken for one; of those meant 0.1 % slip by."""
    chance = random.Random(20261122)  # noqa: S311 -- a corpus, no secret
    count = 5_000
    lines, rates = [], {}
    for kind, make in HARMLESS.items():
        wrong = sum(bool(find_sensitive(f"번호는 {make(chance)} 입니다.")) for _ in range(count))
        rates[kind] = wrong / count
        lines.append(f"{kind}: {wrong} of {count} taken for one ({rates[kind]:.2%})")
    for kind, make in {"resident numbers": _resident, "card numbers": _card}.items():
        missed = sum(not find_sensitive(f"번호는 {make(chance)} 입니다.") for _ in range(count))
        lines.append(f"{kind}: {missed} of {count} missed ({missed / count:.2%})")
        assert missed / count <= 0.001
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 -- the figure
    assert max(rates.values()) <= 0.005
