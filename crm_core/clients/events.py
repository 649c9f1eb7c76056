"""Facts about clients: their cards, contacts, notes, merges."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCreated(Event):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRenamed(Event):
    name: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded(Event):
    contact_id: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRemoved(Event):
    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNoted(Event):
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientManagerSet(Event):
    """The client's manager is `manager_id` now (None: nobody); before it was `before_id`."""

    manager_id: int | None
    before_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsMerged(Event):
    """The card `gone_id` was folded into this one."""

    merge_id: int
    gone_id: int
    gone_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsUnmerged(Event):
    """The card `gone_id` was taken out of this one again."""

    merge_id: int
    gone_id: int
    gone_name: str
