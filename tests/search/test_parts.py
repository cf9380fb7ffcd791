"""A file of parts gives out what was put there last, or nothing: however it was cut, changed or written to by two."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from portal_builder.search.parts import DamagedError, Parts, write_parts


def contents(file: Path, names: str) -> dict[str, bytes]:
    parts = Parts(file)
    return {name: parts.get(name) for name in names}


def test_parts_are_replaced_and_go(tmp_path: Path) -> None:
    """One that was opened before knows what it did."""
    file = tmp_path / "parts"
    write_parts(file, {"a": b"one", "b": b"two" * 100})
    before = Parts(file)
    Parts(file).replace({"a": b"other", "c": b"three"}, gone=["b"])
    assert contents(file, "ac") == {"a": b"other", "c": b"three"}
    assert before.get("a") == b"one"
    with pytest.raises(DamagedError):
        Parts(file).get("b")


def test_a_file_stays_small(tmp_path: Path) -> None:
    """What is of no use is left out once it is half of the file."""
    file = tmp_path / "parts"
    write_parts(file, {"a": bytes(1000), "b": b"kept"})
    for at in range(50):
        Parts(file).replace({"a": bytes([at]) * 1000})
        assert file.stat().st_size < 4000
    assert contents(file, "ab") == {"a": bytes([49]) * 1000, "b": b"kept"}


def test_damage_is_told(tmp_path: Path) -> None:
    """Any byte another, any length: parts are what they were, or are none."""
    file, whole = tmp_path / "parts", {"a": b"some", "b": b"more"}
    write_parts(file, whole)
    data = file.read_bytes()
    for at in range(len(data)):
        for broken in (data[:at], data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]):
            file.write_bytes(broken)
            try:
                assert contents(file, "ab") == whole
            except DamagedError:
                continue
    with pytest.raises(DamagedError):
        Parts(tmp_path / "nowhere")


def test_two_that_write_at_once_leave_whole_parts_or_none(tmp_path: Path) -> None:
    file = tmp_path / "parts"
    write_parts(file, {"a": b"0" * 9000, "b": b"0" * 9000})

    def write(sign: bytes) -> None:
        for size in range(1, 60):
            try:
                Parts(file).replace({"a": sign * size * 50, "b": sign * size * 50})
            except DamagedError:
                write_parts(file, {"a": sign, "b": sign})

    threads = [threading.Thread(target=write, args=(sign,)) for sign in (b"1", b"2")]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        try:
            assert all(len(set(data)) == 1 for data in contents(file, "ab").values())
        except DamagedError:
            continue
