"""Channels switched on and off by an admin, under traffic; broken ones told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from itertools import islice

import pytest_asyncio

from channels.viber.faults import TOKEN_REFUSED
from crm_core.accounts import commands as accounts
from crm_core.accounts import health as vitals
from crm_core.accounts.health import health
from crm_core.kernel import db
from crm_core.kernel.actors import Role
from sandbox import viber
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from sandbox.viber import Phone, User
from sandbox.viber.faults import Fault
from tests import factories
from tests.bot.rig import Rig, labels, reachable
from tests.bot.test_channels import TOKEN
from tests.waiting import eventually

COUNT = 14  # of words each way
WORDS = "SELECT text FROM message WHERE direction = 'in' AND text LIKE $1"


class Shop:
    """A company with Telegram and Viber, an admin and a manager."""

    def __init__(self, rig: Rig, server: viber.Server, bot: viber.Bot) -> None:
        self.rig, self.server, self.bot = rig, server, bot
        self.maria = Phone(server, bot, User(id="01234567890A=", name="Мария"))

    async def switch(
        self, admin: Person, label: str, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """By the buttons: settings, channels, Viber, the switch; `meanwhile` as it is pressed."""
        home = admin.received()[0]
        for name in ("⚙️ Настройки", "📡 Каналы"):
            await admin.press(name, home).answer()
        name = next(one for one in labels(home) if one.endswith("Viber"))
        await admin.press(name, home).answer()
        pressed = admin.press(label, home)
        meanwhile()
        await pressed.answer()
        await admin.press("← Назад", home).answer()
        await admin.press("← Назад", home).answer()
        await admin.press("← Главная", home).answer()

    async def kept(self, word: str) -> Counter[str]:
        """Messages of clients that begin with a word, and how often each is there."""
        return Counter(row["text"] for row in await db.fetch(WORDS, f"{word}%"))


@pytest_asyncio.fixture(loop_scope="session")
async def shop(opened: str) -> AsyncIterator[Shop]:
    async with AsyncExitStack() as stack:
        rig = await reachable(stack)
        world = viber.World()
        bot = world.add_bot(TOKEN, "Ромашка")
        server = await stack.enter_async_context(viber.Server(world))
        server.callbacks.tries = 1000
        vitals._noted.clear()  # signs of life of the test before
        await factories.channel(
            "viber", "Viber", token=TOKEN, sender_name="Ромашка", api_url=server.url
        )

        async def registered() -> bool:
            return bool(bot.webhook)

        await eventually(registered, what="the webhook")
        yield Shop(rig, server, bot)
        assert rig.world.violations == []
        assert world.violations == []


async def test_switching_under_traffic_loses_and_doubles_nothing(shop: Shop) -> None:
    """Off, nothing comes in and nothing leaves; on, everything goes on, once each."""
    rig = shop.rig
    admin = await rig.employee("Ада", role=Role.ADMIN, presence="off")
    anna, petr = await rig.employee("Анна"), rig.client()
    shop.maria.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    card = next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))

    await shop.switch(admin, "⚪ Выключить")
    shop.maria.text("пока выключено")
    petr.text("а Телеграм работает")
    anna.text("ответ ждёт", reply_to=card)
    await anna.wait_text("а Телеграм работает")
    assert await shop.kept("пока") == Counter()
    assert [said for said in shop.maria.chat.said if not said.mine] == []
    assert (await health(2))[0].state == "off"
    await shop.switch(admin, "🟢 Включить")
    await anna.wait_text("пока выключено")

    numbers = iter(range(COUNT))

    def speak() -> None:
        for number in islice(numbers, 2):
            shop.maria.text(f"слово {number}")
            petr.text(f"телеграм {number}")
            anna.text(f"ответ {number}", reply_to=card)

    speak()
    for label in ("⚪ Выключить", "🟢 Включить") * 3:
        await shop.switch(admin, label, meanwhile=speak)

    async def over() -> bool:
        mine = [said for said in shop.maria.chat.said if not said.mine]
        return len(await shop.kept("слово")) == COUNT and len(mine) > COUNT

    await eventually(over, timeout=40, what="all words both ways")
    await shop.server.callbacks.settled()
    await rig.settled()
    assert set((await shop.kept("слово")).values()) == {1}
    assert set((await shop.kept("телеграм")).values()) == {1}
    got = Counter(said.body["text"] for said in shop.maria.chat.said if not said.mine)
    assert got == Counter(["ответ ждёт", *(f"ответ {number}" for number in range(COUNT))])


async def test_a_broken_channel_is_told_to_admins_once_with_what_to_do(shop: Shop) -> None:
    rig = shop.rig
    admin, anna = await rig.employee("Ада", role=Role.ADMIN), await rig.employee("Анна")
    for _ in range(2):
        await accounts.set_broken(2, TOKEN_REFUSED)
    notice = await admin.wait_text("🔴 Канал «Viber» не работает")
    assert "Viber не принимает токен бота" in notice.text
    await rig.settled()
    assert len([one for one in admin.received() if "Viber" in one.text]) == 1
    assert [one for one in anna.received() if "Viber" in one.text] == []
    await admin.press("📡 Открыть", notice).answer()
    await rig.settled()
    assert "🔴 не работает" in notice.text
    assert "скопируйте его заново" in notice.text


async def test_a_mended_channel_says_so_in_the_same_notice(shop: Shop) -> None:
    rig = shop.rig
    admin = await rig.employee("Ада", role=Role.ADMIN, presence="off")
    shop.server.world.faults.append(Fault(method="send_message", status=23))
    anna = await rig.employee("Анна")
    shop.maria.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    anna.text("Есть", reply_to=card)
    notice = await admin.wait_text("🔴 Канал «Viber» не работает")
    assert "закончился договор" in notice.text
    await accounts.set_broken(2, None)

    async def mended() -> bool:
        return notice.text == "🟢 Канал «Viber» снова работает"

    await eventually(mended, what="the notice to change")


async def test_signs_of_life_stand_on_the_screen(shop: Shop) -> None:
    rig = shop.rig
    admin = await rig.employee("Ада", role=Role.ADMIN)
    home = admin.received()[0]
    shop.maria.text("Есть розы?")
    await admin.wait_text("Есть розы?")
    for name in ("⚙️ Настройки", "📡 Каналы"):
        await admin.press(name, home).answer()
    assert "Всё работает." in home.text
    await admin.press("🟢 Viber", home).answer()
    assert "Последнее входящее: сегодня" in home.text
    assert "Последнее исходящее: ни разу" in home.text


async def test_nobody_but_admins_sees_channels(shop: Shop) -> None:
    anna = await shop.rig.employee("Анна")
    home = anna.received()[0]
    await anna.press("⚙️ Настройки", home).answer()
    assert "📡 Каналы" not in labels(home)
    assert isinstance(home, Message)
