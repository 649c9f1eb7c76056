"""What a card is made of that a merge may choose from either side. Slices add their own fields.

    mergeable.add(Field("inn", N_("INN"), take=take_inn, put=put_inn))

`take` reads a JSON-able value, `put` writes it as the actor and tells the journal, `show` says a
value to people. A merge reads both cards, and its undo puts back what stood there before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm_core.clients.events import ClientManagerSet, ClientRenamed
from crm_core.clients.folding import fold
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import emit

Value = Any
Take = Callable[[int], Awaitable[Value]]
Put = Callable[[Actor, int, Value], Awaitable[None]]


async def _plain(value: Value) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `title` is a msgid. The two cards must be held by whoever calls `put`."""

    name: str
    title: str
    take: Take
    put: Put
    show: Callable[[Value], Awaitable[str]] = _plain


_fields: dict[str, Field] = {}


def add(field: Field) -> None:
    """Register a field; its place among the others is the order of registration."""
    _fields[field.name] = field


def fields() -> Mapping[str, Field]:
    """All registered fields by name."""
    return dict(_fields)


async def _name(client_id: int) -> Value:
    return await db.fetchval("SELECT name FROM client WHERE id = $1", client_id)


async def _rename(actor: Actor, client_id: int, value: Value) -> None:
    before = await _name(client_id)
    statement = "UPDATE client SET name = $2, folded = $3 WHERE id = $1"
    await db.execute(statement, client_id, value, fold(value))
    await emit(ClientRenamed(client_id=client_id, name=value, before=before), actor=actor.key)


async def _kind(client_id: int) -> Value:
    return await db.fetchval("SELECT kind FROM client WHERE id = $1", client_id)


async def _set_kind(_actor: Actor, client_id: int, value: Value) -> None:
    await db.execute("UPDATE client SET kind = $2 WHERE id = $1", client_id, value)


KINDS = {"person": N_("person"), "company": N_("company")}


async def _kind_shown(value: Value) -> str:
    return _(KINDS[value])


async def _manager(client_id: int) -> Value:
    return await db.fetchval("SELECT manager_id FROM client WHERE id = $1", client_id)


async def _set_manager(actor: Actor, client_id: int, value: Value) -> None:
    before = await _manager(client_id)
    await db.execute("UPDATE client SET manager_id = $2 WHERE id = $1", client_id, value)
    event = ClientManagerSet(client_id=client_id, manager_id=value, before_id=before)
    await emit(event, actor=actor.key)


async def _manager_shown(value: Value) -> str:
    name: str | None = await db.fetchval("SELECT name FROM employee WHERE id = $1", value)
    return name or _("nobody")


add(Field("name", N_("Name"), _name, _rename))
add(Field("kind", N_("Person or company"), _kind, _set_kind, _kind_shown))
add(Field("manager", N_("Manager"), _manager, _set_manager, _manager_shown))
