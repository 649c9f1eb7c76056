"""Scenes tests of the client's card begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.rig import Rig, labels
from tests.waiting import eventually

MORE = "⋯ Ещё"


async def press(person: Person, label: str, message: Message) -> Any:
    """Press, wait for the answer and until the press has been dealt with; the answer.

    What stands under *More* of a client's card is one press further.
    """
    if label not in labels(message) and MORE in labels(message):
        await press(person, MORE, message)
    # A home message on its way would draw itself over what the press shows.
    await eventually(_nothing_leaves, what="what is under way to arrive")
    answer = await person.press(label, message).answer()
    await eventually(_handled, what="the press to be handled")
    return answer


async def _handled() -> bool:
    return not await db.fetchval("SELECT count(*) FROM raw_event WHERE state = 'new'")


async def _nothing_leaves() -> bool:
    return not await db.fetchval(
        "SELECT count(*) FROM outbox"
        " WHERE state = 'sending' OR (state = 'queued' AND next_at < now())"
    )


def row(message: Message, words: str) -> str:
    """The label of the button with these words."""
    return next(label for label in labels(message) if words in label)


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


async def fresh_home(person: Person) -> Message:
    """The home message at the end of the chat."""
    asked = person.text("/home")

    def newest() -> bool:
        return any(one.id > asked.id and one.text.startswith("🏠") for one in person.received())

    await person.wait(newest)
    return person.received()[-1]


async def card_of(person: Person, name: str) -> Message:
    """The card of one of the person's clients, opened from the home message."""
    home = await fresh_home(person)
    count = await db.fetchval(
        "SELECT count(*) FROM client c JOIN employee e ON e.id = c.manager_id"
        " WHERE e.telegram_id = $1 AND c.merged_into_id IS NULL",
        person.user.id,
    )
    await press(person, f"👤 Мои клиенты {count}", home)
    await press(person, row(home, f" {name}"), home)
    return home
