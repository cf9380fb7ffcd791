"""Owns the two ways the service runs, as recipes: `serve` and `work`. Refuses arguments and wording."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from bridge.catchmail import catching, caught
from bridge.centre import Centre, load_centre
from bridge.datafolder import DataFolder
from bridge.outside import Outside
from bridge.server import address_of, make_server, stopped_by_signals
from bridge.service import Base, open_base, running
from bridge.settings import Settings
from bridge.web.app import create_app
from bridge.web.body import largest_body


@dataclass(frozen=True)
class Run:
    """What every run needs."""

    root: Path
    settings: Settings
    outside: Outside

    @property
    def data(self) -> DataFolder:
        return DataFolder(self.settings.data or self.root / "var")

    def base(self, centre: Centre) -> AbstractContextManager[Base]:
        """Everything that serving and working stand on, open until the end of the block."""
        return open_base(centre, self.data, self.outside, self.settings.inbox(self.data.database))


@dataclass(frozen=True)
class ServeOptions:
    host: str = "127.0.0.1"
    port: int = 8000
    site: Path | None = None
    catch_mail: bool = False
    no_courier: bool = False


@dataclass(frozen=True)
class Started:
    """What there is to tell once the service answers."""

    address: str
    centre: Centre
    options: ServeOptions
    data: DataFolder
    settings: Settings


def serve(run: Run, options: ServeOptions, tell: Callable[[Started], None]) -> None:
    """Take inquiries in and deliver them, until a signal comes."""
    with stopped_by_signals(), ExitStack() as stack:
        centre = load_centre(run.root)
        base = stack.enter_context(run.base(centre))
        settings = run.settings
        if options.catch_mail:
            settings = caught(settings, stack.enter_context(catching(run.data.mail)), centre.mail_servers)
        wake: Callable[[], None] = threading.Event().set  # nobody listens
        if not options.no_courier:
            wake = stack.enter_context(running(base.courier(settings))).wake
        app = create_app(base.service(settings, wake), options.site)
        limit = largest_body(centre.largest_form)
        proxied = settings.proxy_hops > 0
        server = make_server(app, options.host, options.port, largest_body=limit, behind_proxy=proxied)
        stack.callback(server.close)
        tell(Started(address_of(server), centre, options, run.data, settings))
        server.run()


def work(run: Run, *, once: bool, tell: Callable[[], None]) -> int:
    """Deliver what is due: once, or until a signal comes. Returns how many attempts the one round made."""
    with stopped_by_signals(), run.base(load_centre(run.root)) as base:
        courier = base.courier(run.settings)
        if once:
            made = courier.deliver_due()
            courier.watch()
            return made
        with running(courier):
            tell()
            threading.Event().wait()
    return 0
