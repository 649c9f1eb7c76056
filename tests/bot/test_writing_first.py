"""SMS written first from a card; parts counted before they leave; hourly limits told in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.dialogs.foresight import warning
from crm_core.clients import commands as clients
from crm_core.dialogs.foresight import Foresight, foresee
from crm_core.dialogs.opening import open_dialog, openings
from crm_core.kernel import clock, db, i18n
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Conflict, NotFound
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from sandbox.sms import Handset, SmppServer, World
from tests import factories
from tests.bot.rig import Rig, labels, reachable
from tests.bot.test_channels import MARIA, status
from tests.waiting import eventually

LONG = "Здравствуйте, Мария! Ваш букет собран, курьер приедет с 10 до 12 часов."


class Sms:
    """A company with an SMS account, and a client's handset."""

    def __init__(self, rig: Rig, world: World, client_id: int) -> None:
        self.rig, self.world, self.client_id = rig, world, client_id
        self.maria = Handset(world, MARIA)

    async def card(self, anna: Person) -> Message:
        """The client's card, found by name."""
        anna.text("/find Мария")
        found = await anna.wait_text("Мария")
        label = next(one for one in labels(found) if "Мария" in one)
        await anna.press(label, found).answer()
        return found

    async def got(self, count: int) -> list[str]:
        async def look() -> bool:
            return len(self.maria.sms) >= count

        await eventually(look, what=f"{count} SMS")
        return [sms.text for sms in self.maria.sms]


@pytest_asyncio.fixture(loop_scope="session")
async def sms(opened: str) -> AsyncIterator[Sms]:
    async with AsyncExitStack() as stack:
        world = World()
        server = await stack.enter_async_context(SmppServer(world))
        rig = await reachable(stack)
        await factories.channel(
            "sms",
            "SMS",
            gateway="smpp",
            login=world.login,
            password=world.password,
            host=server.host,
            port=server.port,
        )
        made = await clients.create(SYSTEM, name="Мария Петрова", phone=MARIA)
        yield Sms(rig, world, made.client_id)
        assert rig.world.violations == []
        assert world.violations == []


async def test_the_first_word_can_be_ours(sms: Sms) -> None:
    """From the card: the dialog is the presser's, short texts leave at once."""
    anna = await sms.rig.employee("Анна")
    card = await sms.card(anna)
    await anna.press("✍️ SMS · +7 916 123-45-01", card).answer()
    await sms.rig.settled()
    dialog = await sms.rig.dialog()
    assert (dialog["client_id"], dialog["chat"], dialog["state"]) == (
        sms.client_id,
        MARIA,
        "open",
    )
    card = next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))
    anna.text("Букет готов", reply_to=card)
    assert await sms.got(1) == ["Букет готов"]
    await status(sms.rig, "delivered")
    await sms.maria.write("Спасибо!")
    await anna.wait_text("Спасибо!")
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1


async def test_parts_are_counted_before_they_leave(sms: Sms) -> None:
    anna = await sms.rig.employee("Анна")
    actor = await sms.rig.actor(anna)
    way = (await openings(sms.client_id))[0]
    dialog_id = await open_dialog(
        actor, client_id=sms.client_id, channel_id=way.channel_id, contact_id=way.contact_id
    )
    await sms.rig.settled()
    card = next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))
    anna.text(LONG, reply_to=card)
    asked = await anna.wait_text("Это будет 2 SMS.")
    assert "Знаков: 71" in asked.text
    assert "70 в одном SMS" in asked.text or "70 знаков" in asked.text
    await sms.rig.settled()
    assert sms.maria.sms == []
    await anna.press("Не отправлять", asked).answer()
    await sms.rig.settled()
    assert (asked.text, sms.maria.sms) == ("Не отправлено.", [])
    own = anna.text(LONG, reply_to=card)
    asked = await anna.wait_text("Это будет 2 SMS.")
    await anna.press("Отправить 2 SMS", asked).answer()
    assert await sms.got(1) == [LONG]
    await status(sms.rig, "delivered")
    assert own.reactions, "the mark stands under the manager's own words"
    seen = await foresee(dialog_id, "Hello")
    assert seen.count is not None
    assert seen.count.parts == 1


async def test_a_colleagues_dialog_stays_theirs(sms: Sms) -> None:
    anna, boris = await sms.rig.employee("Анна"), await sms.rig.employee("Борис")
    way = (await openings(sms.client_id))[0]
    where = {
        "client_id": sms.client_id,
        "channel_id": way.channel_id,
        "contact_id": way.contact_id,
    }
    first = await open_dialog(await sms.rig.actor(anna), **where)
    assert await open_dialog(await sms.rig.actor(anna), **where) == first
    with pytest.raises(Conflict, match="Анна"):
        await open_dialog(await sms.rig.actor(boris), **where)
    with pytest.raises(NotFound):
        await open_dialog(await sms.rig.actor(boris), **(where | {"contact_id": 999}))


def test_limits_are_told_before_they_bite() -> None:
    with i18n.using("ru"):
        left = [warning(Foresight(left=count), "UTC") for count in (1, 3, 10)]
        over = warning(Foresight(left=0, frees_at=clock.now() + timedelta(minutes=20)), "UTC")
    assert [line.rsplit(" ", 2)[1:] for line in left] == [
        ["1", "сообщение."],
        ["3", "сообщения."],
        ["10", "сообщений."],
    ]
    assert over.startswith("⏳ Сообщения на этот час закончились: это ждёт до")
