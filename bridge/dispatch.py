"""Owns handing one inquiry to one sink: finds the sink, packs the parcel. Refuses to retry; that is the courier's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.centre import Centre
from bridge.inquiry import Inquiry
from bridge.settings import Settings
from bridge.sinks import Parcel, Sink, SinkError
from bridge.vault import Vault


@dataclass(frozen=True)
class Dispatch:
    centre: Centre
    sinks: Mapping[tuple[str, str], Sink]
    """By brand and name of the route."""
    vault: Vault

    def send(self, inquiry: Inquiry, name: str) -> None:
        brand = self.centre.brands.get(inquiry.brand)
        sink = self.sinks.get((inquiry.brand, name))
        if brand is None or sink is None:
            raise SinkError(f"brand.yml has no {inquiry.brand} or no sink {name} any more", permanent=True)
        try:
            contents = tuple(self.vault.read(file.id) for file in inquiry.files)
        except FileNotFoundError as error:
            raise SinkError(f"a file is gone from the data folder: {error.filename}", permanent=True) from error
        sink.send(Parcel(inquiry, brand, self.centre.source_words(brand), contents))


def connect_sinks(centre: Centre, settings: Settings, vault: Vault) -> Dispatch:
    """Every sink of every brand; SettingsError where one lacks a setting."""
    sinks = {
        (brand.folder, route.name): route.connect(brand, settings)
        for brand in centre.brands.values()
        for route in centre.routes[brand.folder]
    }
    return Dispatch(centre, sinks, vault)
