"""Mails as the team's mail program sees them (docs/reliability.md, R27): through a real SMTP and a real IMAP server."""

from __future__ import annotations

import grp
import os
import pwd
import random
import shutil
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from programs import find_program

from bridge.catchmail import catching
from bridge.testing import open_house, write_centre
from support import free_port

MAILS = 200
_CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:{folder}/mail
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=hush
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@contextmanager
def imap_server(folder: Path) -> Iterator[int]:
    """Dovecot over the Maildir in `folder`, as an ordinary process of ours."""
    program = find_program("dovecot")
    assert program, "dovecot is not installed; make test installs it where it may"
    as_root = os.geteuid() == 0  # it never reads root's mail
    user = "nobody" if as_root else pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    port = free_port()
    text = _CONFIGURATION.format(folder=folder, user=user, group=group, port=port)
    (folder / "dovecot.conf").write_text(text, "utf-8")
    if as_root:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user, group)
    process = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"])
    try:
        _wait_for(port, process, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8") if log.exists() else "dovecot ended"
        try:
            MailBoxUnencrypted("127.0.0.1", port).client.shutdown()
        except OSError:
            time.sleep(0.05)  # a server that is starting cannot be waited for in another way
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, because Dovecot's sockets lie in it, and open to the user that Dovecot runs as."""
    made = Path(tempfile.mkdtemp(prefix="hd-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def korean(chance: random.Random, longest: int) -> str:
    """What people write: syllables, spaces, and now and then everything that headers trip over."""
    odd = [
        '"',
        "'",
        ",",
        "<b>",
        "(주)",
        "=?UTF-8?B?7ZmN?=",
        "é",
        "🙂",
        "ㅋㅋ",
        "漢字",
        "カナ",
        ";",
        "\\",
        ":",
        "@",
        "%2F",
        "　",
    ]
    parts = []
    for _ in range(chance.randint(1, 12)):
        word = "".join(chr(chance.randint(0xAC00, 0xD7A3)) for _ in range(chance.randint(1, 7)))
        parts.append(word if chance.random() < 0.8 else chance.choice(odd) + word)
    return " ".join(" ".join(parts).split())[:longest].strip() or "가"


def test_r27_two_hundred_korean_mails_are_read_as_they_were_written(tmp_path: Path, folder: Path) -> None:
    chance = random.Random(20261122)  # noqa: S311 -- the same mails in each run
    sent = {}
    with open_house(write_centre(tmp_path)) as house:
        for _ in range(MAILS):
            subject, name = korean(chance, 100), korean(chance, 60)
            file, content = f"{korean(chance, 60)}.hwp", chance.randbytes(chance.randint(1, 2_000))
            receipt = house.take(subject=subject, name=name, files={file: content})
            stored = house.base.store.inquiry(receipt)
            sent[receipt] = (subject, name, stored.files[0].name, content)
        with catching(folder / "mail") as port:
            assert house.courier(port).deliver_due() == MAILS
    read = {}
    with imap_server(folder) as port, MailBoxUnencrypted("127.0.0.1", port).login("team", "hush") as box:
        for mail in box.fetch(mark_seen=False):
            receipt = mail.headers["x-haedap-receipt"][0]
            assert mail.from_values is not None
            (attachment,) = mail.attachments
            title = mail.subject.removeprefix("[다온] 문의하기: ").removesuffix(f" (#{receipt})")
            name = mail.from_values.name.removesuffix(" (via 다온)")
            read[receipt] = (title, name, attachment.filename, attachment.payload)
            assert mail.from_values.email == "help@daon.example"
            assert mail.reply_to_values[0].email == "hong@example.com"
            assert f"■ 이름\n{sent[receipt][1]}" in mail.text.replace("\r\n", "\n")
    wrong = {receipt: (sent[receipt], read.get(receipt)) for receipt in sent if sent[receipt] != read.get(receipt)}
    print(f"{MAILS - len(wrong)} of {MAILS} mails read as they were written")  # noqa: T201 -- the figure of this test
    assert wrong == {}
    assert all(unicodedata.is_normalized("NFC", file) for _, _, file, _ in read.values())
