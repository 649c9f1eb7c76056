"""Many clients writing and their managers answering, and the account of what became of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.faults.company import BUSY, Company, Shop, received
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

ACCOUNT = """
SELECT d.chat, m.text, m.direction, m.status FROM message m JOIN dialog d ON d.id = m.dialog_id
ORDER BY m.at, m.id
"""


@dataclass
class Pair:
    """A client, their manager's phone and the card on it; what both have written."""

    client: Person
    phone: Person
    card: Message
    said: list[str] = field(default_factory=lambda: ["Здравствуйте"])
    answered: list[str] = field(default_factory=list)

    def speak(self) -> None:
        text = f"{self.client.user.first_name}: слово {len(self.said)}"
        self.said.append(text)
        self.client.text(text)

    def answer(self) -> None:
        text = f"{self.client.user.first_name}: ответ {len(self.answered)}"
        self.answered.append(text)
        self.phone.text(text, reply_to=self.card)


async def pair(company: Company, shop: Shop) -> Pair:
    """A new client with a manager who has taken them."""
    client, _dialog, actor = await company.talk(shop)
    phone = await company.phone(actor)
    name = client.user.first_name
    card = next(one for one in reversed(phone.received()) if name in one.text)
    return Pair(client, phone, card)


async def crowd(company: Company, size: int) -> list[Pair]:
    """Pairs in both shops, made side by side."""
    await company.up()
    async with asyncio.TaskGroup() as tasks:
        made = [
            tasks.create_task(pair(company, shop))
            for _ in range(size // 2)
            for shop in (company.polled, company.hooked)
        ]
    return [one.result() for one in made]


async def talk(pairs: list[Pair], rounds: int, *, answers: int) -> None:
    """Everybody writes in turn; the hubs get the processor in between."""
    for number in range(rounds):
        for one in pairs:
            one.speak()
            if number < answers:
                one.answer()
            await asyncio.sleep(0)


async def quiet(company: Company, pairs: list[Pair]) -> None:
    """Until all that was written is stored and nothing is on its way; the database may be away."""
    written = sum(len(one.said) + len(one.answered) for one in pairs)

    async def look() -> bool:
        with suppress(*db.AWAY):
            busy = await db.fetchval(BUSY)
            stored = await db.fetchval("SELECT count(*) FROM message")
            waiting = [queue.pending() for queue in company.world.queues.values()]
            return not busy and stored >= written and not any(waiting)
        return False

    await eventually(look, timeout=2 * PATIENCE, what=f"{written} messages to settle")


async def audit(pairs: list[Pair]) -> int:
    """Nothing lost, nothing doubled, order kept on both sides; how many answers are unknown."""
    rows = await db.fetch(ACCOUNT)
    unknown = 0
    for one in pairs:
        mine = [row for row in rows if row["chat"] == str(one.client.user.id)]
        assert [row["text"] for row in mine if row["direction"] == "in"] == one.said
        out = [row for row in mine if row["direction"] == "out"]
        assert [row["text"] for row in out] == one.answered
        doubtful = {row["text"] for row in out if row["status"] == "unknown"}
        assert {row["status"] for row in out} <= {"sent", "unknown"}
        got = received(one.client)
        assert len(got) == len(set(got)), "an answer came twice"
        assert [text for text in one.answered if text in got] == got
        assert set(one.answered) - set(got) <= doubtful
        unknown += len(doubtful)
    return unknown


def shown_to_managers(company: Company, pairs: list[Pair]) -> list[str]:
    """Client's words that no manager has on the screen."""
    phones = {one.phone.user.id: one.phone for one in pairs}
    seen = "\n".join(message.text for phone in phones.values() for message in phone.received())
    return [text for one in pairs for text in one.said[1:] if text not in seen]
