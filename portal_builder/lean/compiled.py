"""Owns templates as compiled programs, kept between builds. Refuses to be needed, or to run half of one.

An entry opens with the digest of the engine's version and of itself; Jinja adds that of the template's text. What fits
none of them is no entry: the folders may be deleted at any time, and hold as many files as there are templates. The
product's own templates are kept where Python keeps the product's modules, for all help centres; where that cannot be
written, and for all other templates, it is the help centre's own folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from portal_builder.dense import dense
from portal_builder.look import product_templates

_DIGEST = hashlib.sha256().digest_size


class Compiled(BytecodeCache):
    """The programs below a folder, and those of the product's templates below another one."""

    def __init__(self, folder: Path, version: str, installed: Path | None = None) -> None:
        self._folder, self._version, self._installed = folder, version.encode(), installed

    def load_bytecode(self, bucket: Bucket) -> None:
        for folder in (self._folder, self._installed):
            program = self._read(folder / bucket.key) if folder else b""
            if program and not bucket.code:
                bucket.load_bytecode(io.BytesIO(program))

    def dump_bytecode(self, bucket: Bucket) -> None:
        program = bucket.bytecode_to_string()
        if self._installed and self._is_ours(bucket):
            try:
                self._write(self._installed, bucket.key, program)
            except OSError:  # installed by somebody else
                self._write(self._folder, bucket.key, program)
        else:
            self._write(self._folder, bucket.key, program)

    def _is_ours(self, bucket: Bucket) -> bool:
        """Whether it is a template of the product, as it is staged."""
        name = bucket.code.co_filename if bucket.code else ""
        file = product_templates() / name
        is_there = not Path(name).is_absolute() and file.is_file()
        return is_there and bucket.checksum == self.get_source_checksum(dense(file.read_text("utf-8")))

    def _read(self, file: Path) -> bytes:
        """The program in a file, if it is whole and of this engine; else nothing."""
        try:
            data = file.read_bytes()
        except OSError:
            return b""
        digest, program = data[:_DIGEST], data[_DIGEST:]
        return program if digest == self._digest(program) else b""

    def _write(self, folder: Path, key: str, program: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{key}.{os.getpid()}"
        fresh.write_bytes(self._digest(program) + program)
        fresh.replace(folder / key)

    def _digest(self, program: bytes) -> bytes:
        return hashlib.sha256(self._version + program).digest()


def installed() -> Path | None:
    """Where Python keeps what it made of the product's modules, unless it was told to keep nothing."""
    module = Path(__file__).parent / "templates.py"
    return None if sys.dont_write_bytecode else Path(cache_from_source(f"{module}")).with_suffix("")
