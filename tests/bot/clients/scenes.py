"""Scenes tests of the client's card begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.rig import Rig


async def press(person: Person, label: str, message: Message) -> Any:
    """Press and wait until the press is answered: by then the screen has changed."""
    return await person.press(label, message).answer()


async def accepted(
    rig: Rig, person: Person, text: str, *, name: str = "Пётр Иванов", others: Sequence[Person] = ()
) -> Message:
    """A client has written and this person has accepted; the dialog's card."""
    for one in others:
        off = (await rig.actor(one)).id
        await db.execute("UPDATE employee SET presence = 'off' WHERE id = $1", off)
    rig.client(name).text(text)
    card = await person.wait_text(text)
    await press(person, "✅ Принять", card)
    await rig.settled()
    return card


async def client_id(name: str) -> int:
    found: int = await db.fetchval("SELECT id FROM client WHERE name = $1", name)
    return found


async def card_of(person: Person, name: str) -> Message:
    """The card of one of the person's clients, opened from the home message."""
    person.text("/home")
    home = await person.wait_text("🏠")
    count = await db.fetchval(
        "SELECT count(*) FROM client c JOIN employee e ON e.id = c.manager_id"
        " WHERE e.telegram_id = $1 AND c.merged_into_id IS NULL",
        person.user.id,
    )
    await press(person, f"👤 Мои клиенты {count}", home)
    row = next(
        one["text"]
        for line in (home.markup or {})["inline_keyboard"]
        for one in line
        if f"👤 {name}" in one["text"]
    )
    await press(person, row, home)
    return home
