"""Owns templates as compiled programs, kept between builds. Refuses to be needed, or to run half of one.

An entry opens with the digest of the engine's version and of itself; Jinja adds that of the template's text. What fits
none of them is no entry: the folder may be deleted at any time, and holds as many files as there are templates.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_DIGEST = hashlib.sha256().digest_size


class Compiled(BytecodeCache):
    """The programs below a folder."""

    def __init__(self, folder: Path, version: str) -> None:
        self._folder, self._version = folder, version.encode()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            data = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        digest, program = data[:_DIGEST], data[_DIGEST:]
        if digest == self._digest(program):
            bucket.load_bytecode(io.BytesIO(program))

    def dump_bytecode(self, bucket: Bucket) -> None:
        program = bucket.bytecode_to_string()
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f"{bucket.key}.{os.getpid()}"
        fresh.write_bytes(self._digest(program) + program)
        fresh.replace(self._folder / bucket.key)

    def _digest(self, program: bytes) -> bytes:
        return hashlib.sha256(self._version + program).digest()
