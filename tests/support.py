"""What several tests need: help centres in temporary folders, and commands of ours as processes."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from nursery import Nursery

REPOSITORY = Path(__file__).parent.parent
SCRIPTS = Path(sys.executable).parent

BRAND = """\
name: {ko: 다온, en: Daon}
url: https://help.daon.example/
zone: Asia/Seoul
languages: [ko, en]
email: help@daon.example
colours: {primary: "#1f6f54"}
terms:
  app: {ko: 다온 앱, en: the Daon app}
"""
FORM = """\
title: {ko: 문의하기, en: Contact us}
fields:
  - {name: email, type: email, required: true, label: {ko: 이메일, en: E-mail}}
  - {name: message, type: long_text, required: true, label: {ko: 내용, en: Message}}
privacy:
  purpose: {ko: 답변, en: To answer}
  items: {ko: "이메일, 내용", en: E-mail and message}
  retention: {ko: 180일, en: 180 days}
  refusal: {ko: 거부할 수 있어요, en: You may refuse}
"""


def article(title: str = "환불", body: str = "글", **keys: str) -> str:
    """An article's file."""
    front = "".join(f"{name}: {value}\n" for name, value in keys.items())
    return f"---\ntitle: {title}\n{front}---\n\n{body}\n"


SMALL: Mapping[str, str] = {
    "themes/daon/brand.yml": BRAND,
    "content/forms/inquiry.yml": FORM,
    "content/faq/billing/refund.ko.md": article(),
}
"""The smallest help centre without a problem."""


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def haedap(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in English unless told otherwise."""
    return run("haedap", *arguments, **environment)


def run(command: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """`haedap` or `haedap-bridge`, in English unless told otherwise; waits for its end."""
    return _nursery().run(command, list(map(str, arguments)), {**os.environ, "HAEDAP_LANG": "en", **environment})


@cache
def _nursery() -> Nursery:
    """One for each process that runs tests, as long as it lives."""
    nursery = Nursery.open()
    atexit.register(nursery.close)
    return nursery


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(*command: object, ready: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours, from the moment its address answers until it has stopped on Ctrl-C."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, "HAEDAP_LANG": "en", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for(process, ready)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _wait_for(process: subprocess.Popen[str], url: str) -> None:
    """Until the address answers; a process that ends before says why."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url, timeout=30):
            return
    message = f"{url} did not answer"
    raise AssertionError(message)
