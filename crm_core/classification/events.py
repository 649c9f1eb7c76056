"""Facts about what clients are and how they first came."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientClassified(Event):
    """An item of a catalogue stands on the card now; titles as they were then."""

    item_id: int
    title: str
    catalogue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDeclassified(Event):
    """An item of a catalogue stands on the card no longer."""

    item_id: int
    title: str
    catalogue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryInterestSet(Event):
    """`before` and `after`: {item_id, channel, source, source_client_id}; before is empty the
    first time. `request_id`: the request it was read from."""

    before: dict[str, object]
    after: dict[str, object]
    request_id: int | None = None
