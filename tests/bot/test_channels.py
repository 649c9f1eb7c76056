"""Viber and SMS through the whole company: clients on their phones, managers in the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from crm_core.kernel import db
from sandbox import viber
from sandbox.botapi.images import plain_png
from sandbox.botapi.state import Message
from sandbox.sms import Handset, HttpGateway, SmppServer
from sandbox.sms import World as SmsWorld
from sandbox.viber import Phone, User
from sandbox.viber.state import Said
from tests import factories
from tests.bot.rig import Rig, labels, reachable
from tests.bot.test_contents import last_with
from tests.waiting import eventually

PICTURE = plain_png(80, 60)
TOKEN = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51f"
LONG = "Здравствуйте! Нужен букет на юбилей: пионы, эвкалипт и лента в тон. " * 3
MARIA = "+79161234501"


@pytest_asyncio.fixture(loop_scope="session")
async def stack(opened: str) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def rig(stack: AsyncExitStack) -> Rig:
    return await reachable(stack)


async def answered(phone: Phone, text: str) -> Said:
    async def look() -> Said | None:
        said = (one for one in phone.chat.said if not one.mine and one.body.get("text") == text)
        return next(said, None)

    found = await eventually(look, what=f"“{text}” in Viber")
    assert found is not None
    return found


async def status(rig: Rig, wanted: str) -> None:
    """Of our newest message."""

    async def look() -> bool:
        newest = "SELECT status FROM message WHERE direction = 'out' ORDER BY id DESC LIMIT 1"
        found: str = await db.fetchval(newest)
        return found == wanted

    await eventually(look, what=wanted)
    await rig.settled()


@pytest.mark.feature("DLG-02")
async def test_a_whole_conversation_in_viber(rig: Rig, stack: AsyncExitStack) -> None:
    """Text, pictures, files, contacts in; answers out, with delivered and seen marks."""
    world = viber.World()
    bot = world.add_bot(TOKEN, "Ромашка")
    server = await stack.enter_async_context(viber.Server(world))
    await factories.channel(
        "viber", "Viber", token=TOKEN, sender_name="Ромашка", api_url=server.url
    )

    async def registered() -> bool:
        return bool(bot.webhook)

    await eventually(registered, what="the webhook")
    anna = await rig.employee("Анна")
    maria = Phone(server, bot, User(id="01234567890A=", name="Мария Петрова"))
    maria.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    assert "Viber" in card.text
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    card = next(one for one in reversed(anna.received()) if "⚡ Быстрый ответ" in labels(one))

    maria.picture(PICTURE, "букет.png", "вот такие")
    photo = await anna.wait(lambda: last_with(anna, "photo"))
    assert isinstance(photo, Message)
    assert anna.file(photo) == PICTURE
    maria.file(b"%PDF-1.4 list", "список.pdf", "application/pdf")
    paper = await anna.wait(lambda: last_with(anna, "document"))
    assert isinstance(paper, Message)
    assert anna.file(paper) == b"%PDF-1.4 list"
    maria.contact("Пётр", "+79161234502")
    shared = await anna.wait(lambda: last_with(anna, "contact"))
    assert isinstance(shared, Message)
    assert shared.content["contact"]["phone_number"] == "+79161234502"

    anna.text("По 180 рублей", reply_to=card)
    await answered(maria, "По 180 рублей")
    await status(rig, "delivered")
    maria.look()
    await status(rig, "read")
    await anna.press("✍️ Писать", card).answer()
    anna.photo(PICTURE)

    async def shown() -> bool:
        last = maria.chat.said[-1]
        return last.body["type"] == "picture" and last.file is not None

    await eventually(shown, what="our picture in Viber")
    await status(rig, "delivered")
    last = maria.chat.said[-1].file
    assert last is not None
    assert last.data == PICTURE
    assert world.violations == []


async def test_a_late_failure_in_viber_is_told_with_a_way_out(
    rig: Rig, stack: AsyncExitStack
) -> None:
    """The retry button works; the failure of the first attempt says nothing any more."""
    world = SmsWorld()
    gateway = await stack.enter_async_context(HttpGateway(world))
    channel_id = await factories.channel(
        "sms",
        "SMS",
        login=world.login,
        password=world.password,
        api_url=gateway.url,
        poll_seconds=3600,
    )
    secret = await db.fetchval("SELECT hook_secret FROM channel WHERE id = $1", channel_id)
    gateway.hook = f"{rig.public_url}/hooks/{channel_id}/{secret}"
    anna, maria = await rig.employee("Анна"), Handset(world, MARIA)
    await _live(rig, channel_id)
    await maria.write("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    world.dead.add(MARIA)
    anna.text("Есть", reply_to=card)
    fault = await anna.wait_text("⚠️ Не доставлено: +7 916 123-45-01")
    assert "Это SMS нельзя доставить на такой номер." in fault.text
    world.dead.clear()
    anna.press("🔁 Отправить ещё раз", fault)
    await status(rig, "delivered")
    await anna.wait_text("✓ Всё-таки доставлено")
    assert [sms.text for sms in maria.sms if not sms.mine] == ["Есть"]


async def _live(rig: Rig, channel_id: int) -> None:
    async def running() -> bool:
        return channel_id in rig.runner.live

    await eventually(running, what="the channel to run")


@pytest.mark.feature("SMS-02")
async def test_an_sms_joins_its_client_and_is_answered(rig: Rig, stack: AsyncExitStack) -> None:
    """Long Cyrillic texts in parts, at the card that has the number; before the queue's people."""
    world = SmsWorld()
    server = await stack.enter_async_context(SmppServer(world))
    await factories.channel(
        "sms",
        "SMS",
        gateway="smpp",
        login=world.login,
        password=world.password,
        host=server.host,
        port=server.port,
        sender="Romashka",
    )
    client_id = await db.fetchval(
        "INSERT INTO client (name, folded, created_at, touched_at)"
        " VALUES ('Мария Петрова', 'мария петрова', now(), now()) RETURNING id"
    )
    await db.execute(
        "INSERT INTO contact_point (client_id, kind, value) VALUES ($1, 'phone', $2)",
        client_id,
        MARIA,
    )
    anna, maria = await rig.employee("Анна"), Handset(world, MARIA)
    await maria.write(LONG)
    card = await anna.wait_text("Нужен букет на юбилей")
    assert "Мария Петрова" in card.text
    dialog = await rig.dialog()
    assert dialog["client_id"] == client_id
    kept = await db.fetchval("SELECT text FROM message ORDER BY id LIMIT 1")
    assert kept == LONG
    await anna.press("✅ Принять", card).answer()
    await rig.settled()
    anna.text("Соберём, Мария! " * 10, reply_to=card)
    asked = await anna.wait_text("Это будет 3 SMS.")
    await anna.press("Отправить 3 SMS", asked).answer()
    await status(rig, "delivered")
    assert maria.sms[-1].text == ("Соберём, Мария! " * 10).strip()
    assert world.violations == []
