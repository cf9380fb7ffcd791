"""Receipt numbers: nobody guesses one, a slip of the tongue is noticed, and what people type is understood."""

from __future__ import annotations

import secrets

from hypothesis import given
from hypothesis import strategies as st

from bridge.intake.receipt import ALPHABET, new_receipt, read_receipt

RECEIPTS = st.binary(min_size=7, max_size=7).map(lambda given: new_receipt(lambda _: given))


@given(RECEIPTS)
def test_a_number_reads_back_as_people_write_it(receipt: str) -> None:
    for typed in (receipt, receipt.lower(), receipt.replace("-", ""), receipt.replace("-", " "), f" {receipt}\n"):
        assert read_receipt(typed) == receipt
    assert read_receipt(receipt.replace("0", "O").replace("1", "l").replace("V", "u")) == receipt
    assert read_receipt(receipt.replace("-", "\u2013")) == receipt


@given(RECEIPTS, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_noticed(receipt: str, at: int, char: str) -> None:
    plain = receipt.replace("-", "")
    changed = plain[:at] + char + plain[at + 1 :]
    assert read_receipt(changed) == (receipt if char == plain[at] else None)


@given(RECEIPTS, st.integers(0, 10), st.integers(0, 10))
def test_two_characters_that_changed_places_are_noticed(receipt: str, one: int, other: int) -> None:
    plain = list(receipt.replace("-", ""))
    plain[one], plain[other] = plain[other], plain[one]
    swapped = "".join(plain)
    assert read_receipt(swapped) == (receipt if swapped == receipt.replace("-", "") else None)


@given(st.text())
def test_anything_else_is_no_number(text: str) -> None:
    assert read_receipt(text) is None or read_receipt(text) == read_receipt(read_receipt(text) or "")


def test_fifty_bits_of_chance() -> None:
    made = {new_receipt(secrets.token_bytes) for _ in range(2000)}
    assert len(made) == 2000
    for place in (0, 5, 9, 11):  # every place takes every character
        assert {receipt.replace("-", "").ljust(12)[place] for receipt in made} >= (
            set(ALPHABET) if place < 11 else {" "}
        )
