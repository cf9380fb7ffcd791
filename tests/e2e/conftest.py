"""What browser tests share: the shipped help centre as `make run` starts it, one Chromium, and tabs that listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.town import DESKTOP, PHONE, Town, context
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from chromium import find_chromium
from support import REPOSITORY, SCRIPTS, free_port, haedap, running

expect.set_options(timeout=30_000)  # a page that comes late on a busy machine is no fault


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    built = haedap("build", "--root", REPOSITORY, "--out", folder / "site", "--base", address)
    assert built.returncode == 0, built.stdout + built.stderr
    command = [SCRIPTS / "haedap-bridge", "serve", "--root", REPOSITORY, "--port", port]
    command += ["--site", folder / "site", "--catch-mail"]
    with running(*command, ready=f"{address}/healthz", HAEDAP_DATA=str(folder / "var")) as process:
        yield Town(address, folder / "var")
        assert process.poll() is None
    assert process.returncode == 0, "Ctrl-C did not stop the bridge cleanly"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["360px", "1280px"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab on a phone and on a desktop; nothing it loads may fail, nothing may be written to its console."""
    tab = context(browser, request.param).new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A browser reports every 4xx by itself; 422 is how a form that fails its check is answered.
        if message.type in {"error", "warning"} and "422" not in message.text:
            said.append(message.text)

    tab.on("console", hear)
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("response", lambda answer: said.append(answer.url) if answer.status in {404, 500} else None)
    yield tab
    assert said == []
    tab.context.close()
