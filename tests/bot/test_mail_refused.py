"""The author's side of mail that is put off, refused, lost on the way or comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from crm_core.kernel import clock, db, wake
from crm_core.outbox.rows import channel_lane, topic
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.mailroom import Office, accepted, office, plain
from tests.bot.rig import labels
from tests.channels.email.mails import mail
from tests.channels.email.test_reports import STATUS, report, status
from tests.waiting import eventually

__all__ = ["office"]
IVAN = "ivan@client.example"


@pytest_asyncio.fixture(loop_scope="session")
async def moved_clock() -> AsyncIterator[None]:
    """The clock goes back to where it was."""
    before = clock._clock._shift
    yield
    clock._clock._shift = before


async def newest() -> str:
    """Status of our newest message."""
    sql = "SELECT status FROM message WHERE direction = 'out' ORDER BY id DESC LIMIT 1"
    found: str = await db.fetchval(sql)
    return found


async def becomes(wanted: str) -> None:
    async def look() -> bool:
        return await newest() == wanted

    await eventually(look, what=wanted)


async def again(anna: Person, fault: Message, office: Office) -> None:
    """The refusal has been mended; one press sends the same mail."""
    office.sink.faults.recipients.clear()
    office.sink.faults.cut_at = ""
    await anna.press("🔁 Отправить ещё раз", fault).answer()
    await becomes("sent")
    await anna.wait(lambda: fault.text.startswith("✓ Всё-таки доставлено"))
    await office.rig.settled()


@pytest.mark.feature("MAIL-03")
async def test_failures_come_back_to_the_author(office: Office, moved_clock: None) -> None:
    """Taken with its thread, put off and taken later, refused, lost, and returned by a report."""
    question = mail("Сколько стоит?", Message_ID="<q1@client.example>")
    anna, shown = await accepted(office, question, "Сколько стоит?")
    anna.text("500 рублей", reply_to=shown)
    first = await office.sent()
    assert first["In-Reply-To"] == "<q1@client.example>"
    assert first["References"].split() == ["<q1@client.example>"]
    assert office.sink.taken[0].sender == "sales@shop.example"
    await put_off(anna, shown, office)
    await refused(anna, shown, office)
    await lost(anna, shown, office)
    await returned(anna, office)


async def put_off(anna: Person, shown: Message, office: Office) -> None:
    """The server asks to wait: nobody is bothered, the mail leaves later, once."""
    before = len(office.sink.taken)
    office.sink.faults.recipients[IVAN] = ["451 4.7.1 Greylisted, come back later"]

    async def waits() -> bool:
        sql = "SELECT count(*) FROM outbox WHERE state = 'queued' AND error IS NOT NULL"
        return bool(await db.fetchval(sql))

    anna.text("Скидка 5 %", reply_to=shown)
    await eventually(waits, what="the mail to be put off")
    assert not any("Не доставлено" in one.text for one in anna.received())
    office.sink.faults.recipients.clear()
    clock.advance(timedelta(minutes=2))
    await wake.notify(topic(channel_lane(office.account.id)))
    await becomes("sent")
    assert plain(await office.sent(before + 1)).startswith("Скидка 5 %")
    assert len(office.sink.taken) == before + 1


async def refused(anna: Person, shown: Message, office: Office) -> None:
    """Refused for good: the cause in the server's words, and the way out."""
    office.sink.faults.recipients[IVAN] = ["554 5.7.1 Blocked by policy"]
    anna.text("Ждём оплату", reply_to=shown)
    fault = await anna.wait_text("⚠️ Не доставлено: Иван Петров")
    assert "Blocked by policy" in fault.text
    assert "Ждём оплату" in fault.text
    assert await newest() == "failed"
    await again(anna, fault, office)
    assert plain(await office.sent()).startswith("Ждём оплату")


async def lost(anna: Person, shown: Message, office: Office) -> None:
    """The answer of the server never came: it is not sent blindly once more."""
    before = len(office.sink.taken)
    office.sink.faults.cut_at = "after_data"
    anna.text("Отправили", reply_to=shown)
    fault = await anna.wait_text("⚠️ Неизвестно")
    assert "Отправили" in fault.text
    assert "🔁 Отправить ещё раз" in labels(fault)
    assert len(office.sink.taken) == before + 1
    await again(anna, fault, office)


async def returned(anna: Person, office: Office) -> None:
    """It had left; a report of another server says later that nobody has it."""
    last = await office.sent()
    words = f"Message-ID: {last['Message-ID']}\nFrom: sales@shop.example\n"
    known = len(anna.received())
    await office.arrives(report(STATUS, status("failed"), returned=words))

    def told() -> list[Message]:
        return [one for one in anna.received() if "no such user here" in one.text]

    [fault] = await anna.wait(told)
    assert fault.text.startswith("⚠️ Не доставлено: Иван Петров")
    assert len(anna.received()) <= known + 1, "the report itself is no letter of a client"
    assert await newest() == "failed"
