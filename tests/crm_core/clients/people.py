"""A small house for tests: staff, a channel, clients who write, and pictures of who owns what."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from crm_core.clients.rules import fold
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Role

_numbers = count(1)


async def employee(role: Role = Role.MANAGER, name: str = "Анна Смирнова") -> Actor:
    staff_id = await db.fetchval(
        "INSERT INTO employee (name, role) VALUES ($1, $2) RETURNING id", name, role.value
    )
    return Actor(id=staff_id, name=name, role=role)


async def channel(name: str = "Магазин") -> int:
    channel_id: int = await db.fetchval(
        "INSERT INTO channel (kind, name, config, hook_secret) VALUES ('webchat', $1, '{}', 's')"
        " RETURNING id",
        name,
    )
    return channel_id


async def client(name: str, *, phone: str = "", email: str = "") -> int:
    client_id: int = await db.fetchval(
        "INSERT INTO client (name, folded) VALUES ($1, $2) RETURNING id", name, fold(name)
    )
    for kind, value in (("phone", phone), ("email", email)):
        if value:
            await contact(client_id, kind, value)
    return client_id


async def contact(client_id: int, kind: str, value: str) -> None:
    await db.execute(
        "INSERT INTO contact_point (client_id, kind, value) VALUES ($1, $2, $3)",
        client_id,
        kind,
        value,
    )


async def identity(client_id: int, channel_id: int, username: str | None = None) -> int:
    identity_id: int = await db.fetchval(
        "INSERT INTO identity (channel_id, external_id, client_id, name, username)"
        " VALUES ($1, $2, $3, 'Имя', $4) RETURNING id",
        channel_id,
        f"x{next(_numbers)}",
        client_id,
        username,
    )
    return identity_id


async def dialog(identity_id: int, *, state: str = "open", assignee_id: int | None = None) -> int:
    """A dialog of whoever stands behind the identity now, as the inbound pipe makes it."""
    dialog_id: int = await db.fetchval(
        "INSERT INTO dialog (channel_id, chat, identity_id, client_id, state, opened_at, last_at,"
        " assignee_id) SELECT channel_id, $2, id, client_id, $3, $4, $4, $5 FROM identity"
        " WHERE id = $1 RETURNING id",
        identity_id,
        f"chat{next(_numbers)}",
        state,
        clock.now(),
        assignee_id,
    )
    return dialog_id


async def message(
    dialog_id: int, text: str, *, direction: str = "in", at: datetime | None = None
) -> int:
    message_id: int = await db.fetchval(
        "INSERT INTO message (dialog_id, client_id, direction, kind, text, at, created_at)"
        " SELECT id, client_id, $2, 'text', $3, $4, $4 FROM dialog WHERE id = $1 RETURNING id",
        dialog_id,
        direction,
        text,
        at or clock.now(),
    )
    return message_id


OWNED = ("identity", "contact_point", "dialog", "message", "client_note", "event")
Picture = dict[tuple[str, int], tuple[int | None, ...]]


async def picture() -> Picture:
    """Who owns every row: (table, id) -> client, and (client, id) -> merged into, manager."""
    seen: Picture = {}
    for table in OWNED:
        rows = await db.fetch(f"SELECT id, client_id FROM {table}")
        seen |= {(table, row["id"]): (row["client_id"],) for row in rows}
    cards = await db.fetch("SELECT id, merged_into_id, manager_id FROM client")
    seen |= {("client", row["id"]): (row["merged_into_id"], row["manager_id"]) for row in cards}
    return seen
