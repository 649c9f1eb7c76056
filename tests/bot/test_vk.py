"""A VK community answered from the managers' bot alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.images import plain_png
from sandbox.botapi.state import Message
from sandbox.vk import Actor, Operator, Server, World, objects
from tests import factories
from tests.bot.clients.scenes import press
from tests.bot.rig import Rig, labels
from tests.bot.test_contents import last_with
from tests.waiting import eventually

TOKEN = "vk1.a.sandbox-community-not-a-secret"
PICTURE = plain_png(80, 60)


@dataclass(slots=True)
class Vk:
    """`vera` writes to the community, `olga` answers in VK's own page."""

    vera: Actor
    olga: Operator

    def kinds(self) -> list[str]:
        """What the client was sent besides words, oldest first."""
        return [one["type"] for message in self.vera.received() for one in message.attachments]

    async def sent(self, kind: str) -> None:
        await self.vera.world.wait_for(lambda: kind in self.kinds())


@pytest_asyncio.fixture(loop_scope="session")
async def vk(rig: Rig) -> AsyncIterator[Vk]:
    world = World()
    group = world.add_group(TOKEN, "Ромашки")
    async with Server(world) as url:
        await factories.channel("vk", "Ромашки", token=TOKEN, group_id=group.id, api_url=url)
        await world.wait_for(lambda: world.of("messages.getConversations"), timeout=20)
        vera = world.actor(world.add_user("Вера", "Котова"), group)
        yield Vk(vera, world.operator(world.add_user("Ольга", "Петрова"), group))
        await rig.supervisor.cancel("channels")
    assert world.violations == []


@pytest.mark.feature("DLG-03")
async def test_a_whole_conversation_in_vk(rig: Rig, vk: Vk) -> None:
    """Messages with attachments both ways, marks, corrections; consent is respected."""
    anna = await rig.employee("Анна")
    card = await _accepted(rig, anna, vk.vera)
    await _asks(anna, vk.vera)
    await anna.press("✍️ Писать", card).answer()
    await _answers(rig, anna, vk)
    await _consent(rig, anna, vk.vera)


async def _accepted(rig: Rig, anna: Person, vera: Actor) -> Message:
    vera.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    assert "Вера Котова" in card.text
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    return next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))


async def _asks(anna: Person, vera: Actor) -> None:
    vera.photo(PICTURE, text="вот такие")
    photo = await anna.wait(lambda: last_with(anna, "photo"), timeout=20)
    assert isinstance(photo, Message)
    assert anna.file(photo) == PICTURE
    vera.voice(b"OggS-question")
    voice = await anna.wait(lambda: last_with(anna, "voice"), timeout=20)
    assert isinstance(voice, Message)
    assert anna.file(voice) == b"OggS-question"
    asked = vera.text("Сколько стоят?")
    await anna.wait_text("Сколько стоят?")
    vera.edit(asked, "Сколько стоят пионы?")
    await anna.wait_text("Сколько стоят пионы?")


async def _answers(rig: Rig, anna: Person, vk: Vk) -> None:
    vera = vk.vera
    own = anna.text("По 180 рублей")
    await vera.wait_text("По 180 рублей")
    anna.photo(PICTURE, caption="есть такие")
    await vk.sent("photo")
    anna.voice(b"OggS-answer", duration=1)
    await vk.sent("audio_message")
    anna.document(b"price", "прайс.txt")
    await vk.sent("doc")
    anna.edit(own, "По 170 рублей")
    await vera.wait_text("По 170 рублей")
    await rig.settled()
    assert [one.text for one in vera.received()].count("По 180 рублей") == 0
    assert not vera.conversation.unread(), "an answer marks what was asked as read"
    vera.read()
    read = "SELECT count(*) FROM message WHERE direction = 'out' AND status = 'read'"

    async def all_read() -> bool:
        return bool(await db.fetchval(read) == 4)

    await eventually(all_read, what="four read answers")
    written = vk.olga.say(vera.user.id, "Пишу прямо из ВКонтакте")
    mirrored = await anna.wait_text("Ольга Петрова")
    assert mirrored.text.endswith("Пишу прямо из ВКонтакте")
    await rig.settled()
    vk.olga.correct(written, "Пишу из самого ВКонтакте")
    await anna.wait(lambda: mirrored.text.endswith("Пишу из самого ВКонтакте"))


async def _consent(rig: Rig, anna: Person, vera: Actor) -> None:
    vera.deny()
    await anna.wait_text("ответы не дойдут")
    before = len(vera.received())
    anna.text("Скидка!")
    await anna.wait_text("Клиент заблокировал этот канал")
    await rig.settled()
    assert len(vera.received()) == before
    vera.text("Передумала, пишите")
    await anna.wait_text("Передумала")
    anna.text("Спасибо!")
    await vera.wait_text("Спасибо!")
    await rig.settled()


@pytest.mark.feature("DLG-04")
async def test_orders_and_questions_of_the_shop_name_the_item(rig: Rig, vk: Vk) -> None:
    """A question about an item is a dialog that names it; an order is a request with every item."""
    anna, vera = await rig.employee("Анна"), vk.vera
    goods = [
        objects.item(vera.group.id, number, title, price)
        for number, (title, price) in enumerate(
            [("Букет «Осень»", 350_000), ("Ваза", 120_000), ("Открытка", 15_000)], 1
        )
    ]
    vera.ask_about(goods[0], "Он есть в наличии?")
    card = await anna.wait_text("Он есть в наличии?")
    assert "Букет «Осень»" in card.text
    order = vera.order(*((one, 1) for one in goods), comment="К семи", phone="+79990000001")
    request = await anna.wait_text("Магазин ВКонтакте")
    shown = request.text
    assert all(one["title"] in shown for one in goods), shown
    assert order["display_order_id"] in shown
    assert "Статус: новый" in shown
    await rig.settled()
    await press(anna, "✅ Принять", request)
    await press(anna, "🛒 Статус заказа", request)
    await press(anna, "В доставке", request)
    await vera.world.wait_for(lambda: order["status"] == 3)
    await anna.wait_text("Статус: в доставке")
    await rig.settled()
    assert await db.fetchval("SELECT count(*) FROM request") == 1
