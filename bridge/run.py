"""Owns the two ways the service runs, as recipes: `serve` and `work`. Refuses arguments and wording."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from bridge.archive import Archive
from bridge.catchmail import catching, caught
from bridge.centre import Centre, load_centre
from bridge.datafolder import DataFolder
from bridge.keeper import kept_up, purging
from bridge.outside import Outside
from bridge.records.retention import rules_of
from bridge.reload import Current, Reload, asked_by_signal
from bridge.server import address_of, make_server, stop_when, stopped_by_signals
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

    @contextmanager
    def base(self, centre: Centre) -> Iterator[Base]:
        """Everything that serving and working stand on, open until the end of the block, or until the disk fails."""
        with open_base(centre, self.data, self.outside, self.settings.inbox(self.data.database)) as base:
            stop_when(base.store.database.failed)
            yield base


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
        couriers = None if options.no_courier else stack.enter_context(running(base.courier(settings)))
        wake: Callable[[], None] = couriers.wake if couriers else threading.Event().set  # nobody listens
        current = Current(create_app(base.service(settings, wake), options.site))
        limit = largest_body(centre.largest_form)
        proxied = settings.proxy_hops > 0
        server = make_server(current, options.host, options.port, largest_body=limit, behind_proxy=proxied)
        stack.callback(server.close)

        def take_up(centre: Centre) -> None:
            renewed = replace(base, centre=centre)
            courier = renewed.courier(settings)  # first: it may find that a setting is missing
            current.app = create_app(renewed.service(settings, wake), options.site)
            server.adj.max_request_body_size = largest_body(centre.largest_form)
            if couriers:
                couriers.use(courier)

        stack.enter_context(_kept_up(run, base, take_up))
        tell(Started(address_of(server), centre, options, run.data, settings))
        server.run()


@dataclass(frozen=True)
class Worked:
    """What one round of deliveries came to."""

    made: int = 0
    """Attempts."""
    died: int = 0
    """Of these, the ones that were given up."""

    @property
    def is_all_dead(self) -> bool:
        return 0 < self.made <= self.died


def work(run: Run, *, once: bool, tell: Callable[[], None]) -> Worked:
    """Deliver what is due: once, or until a signal comes. Returns what the one round came to."""
    with stopped_by_signals(), run.base(load_centre(run.root)) as base:
        courier = base.courier(run.settings)
        if once:
            dead = base.store.count("dead")
            made = courier.deliver_due()
            courier.watch()
            return Worked(made, base.store.count("dead") - dead)

        def take_up(centre: Centre) -> None:
            couriers.use(replace(base, centre=centre).courier(run.settings))

        with running(courier) as couriers, _kept_up(run, base, take_up):
            tell()
            threading.Event().wait()
    return Worked()


@contextmanager
def _kept_up(run: Run, base: Base, take_up: Callable[[Centre], None]) -> Iterator[None]:
    """What goes on beside the work: deleting at night, taking up changed files. A purge knows the newest forms."""
    zone = next((brand.zone for brand in base.centre.brands.values()), UTC)
    newest = [base.centre]

    def renew(centre: Centre) -> None:
        take_up(centre)
        newest[0] = centre

    purge = Archive(base.store, base.rooms, base.outside, owner=True).purge()
    chores = purging(purge, lambda: rules_of(newest[0], run.settings), base.store, base.outside.now, zone)
    reload = Reload(run.root, renew)
    with asked_by_signal(reload.asked), kept_up([*chores, reload.chore()], time.monotonic):
        yield
