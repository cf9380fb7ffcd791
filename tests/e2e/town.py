"""The help centre that browser tests walk through: its address, its mails, and tabs to look at it."""

from __future__ import annotations

import json
import mailbox
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from support import REPOSITORY, run

PHONE, DESKTOP = (360, 740), (1280, 900)


@dataclass(frozen=True)
class Town:
    """A running help centre."""

    address: str
    data: Path

    def inbox(self) -> list[dict[str, Any]]:
        """What `haedap-bridge inbox --json` says, run beside the service."""
        listed: list[dict[str, Any]] = json.loads(self._told("inbox"))
        return listed

    def helped(self, article: str) -> dict[str, int]:
        """What `haedap-bridge report --json` says that readers of an article in Korean answered."""
        listed = json.loads(self._told("report", "--brand", "ondam"))["articles"]
        own: dict[str, Any] = next((one for one in listed if (one["article"], one["language"]) == (article, "ko")), {})
        return {name: count for name, count in own.items() if isinstance(count, int) and count}

    def _told(self, *command: str) -> str:
        told = run("haedap-bridge", *command, "--json", "--root", REPOSITORY, HAEDAP_DATA=str(self.data))
        assert told.returncode == 0, told.stderr
        return told.stdout

    def mail(self, receipt: str) -> EmailMessage:
        """The mail of an inquiry, once the courier says that it was delivered."""
        for _ in range(60):
            entry = next(entry for entry in self.inbox() if entry["receipt"] == receipt)
            if all(delivery["state"] in {"delivered", "skipped"} for delivery in entry["deliveries"]):
                break
        found = [
            message
            for raw in mailbox.Maildir(self.data / "mail")
            if (message := BytesParser(policy=default).parsebytes(raw.as_bytes()))["X-Haedap-Receipt"] == receipt
        ]
        assert len(found) == 1
        assert isinstance(found[0], EmailMessage)
        return found[0]

    def reply(self, receipt: str) -> str:
        """The text of the automatic reply to an inquiry that was delivered."""
        for raw in mailbox.Maildir(self.data / "mail"):
            message = BytesParser(policy=default).parsebytes(raw.as_bytes())
            if message["Message-ID"].startswith(f"<{receipt}.reply@"):
                assert isinstance(message, EmailMessage)
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        raise AssertionError(receipt)


def context(browser: Browser, size: tuple[int, int], **options: Any) -> BrowserContext:
    width, height = size
    return browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR", **options)


def confirm(page: Page) -> None:
    """Press the button that asks once more without JavaScript, as often as it says that this was too soon."""
    while page.url.endswith("/confirm"):
        page.get_by_role("main").get_by_role("button").click()


def fits(page: Page) -> None:
    """Nothing sticks out to the side, as soon as the page is there."""
    page.wait_for_load_state("domcontentloaded")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
