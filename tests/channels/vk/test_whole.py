"""From VK to the dialog and back, through the real pipe, the real outbox and real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import orjson
import pytest
import pytest_asyncio

from crm_core.dialogs import acts, replies
from crm_core.dialogs.replies import Reply
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.errors import Conflict
from sandbox.botapi.images import plain_png
from sandbox.vk import objects
from tests.channels.vk.company import Company, company_of
from tests.waiting import eventually


@pytest_asyncio.fixture(loop_scope="session")
async def company(opened: str) -> AsyncIterator[Company]:
    assert opened
    async with company_of() as found:
        yield found


async def kept(name: str, mime: str, kind: str, data: bytes) -> dict[str, object]:
    """A file in our store, as an answer names it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    stored = await store().put(chunks(), limit=10**8)
    await db.execute(
        "INSERT INTO stored_file (sha, size, mime) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        stored.sha,
        stored.size,
        stored.mime,
    )
    return {"sha": stored.sha, "kind": kind, "name": name, "mime": mime, "size": len(data)}


async def test_a_whole_conversation_in_vk(company: Company) -> None:
    """Both ways with attachments, corrections, read marks; a refusal of consent is respected."""
    anna, boris = company.anna, company.boris
    dialog = await company.accepted("Есть розы?")
    answer = await company.says(dialog, "Есть красные и белые")
    await anna.wait_text("красные")
    anna.read()
    await company.becomes(("in", "Есть розы?", None), ("out", "Есть красные и белые", "read"))
    picture = plain_png(64, 48)
    anna.photo(picture, text="Вот такие?")
    anna.voice(b"OggS hello")
    anna.document("адрес.pdf", b"%PDF-1.4")
    assert await company.stored("voice.ogg") == b"OggS hello"
    assert await company.stored("адрес.pdf") == b"%PDF-1.4"
    photo = "SELECT name FROM attachment WHERE kind = 'photo'"
    assert await company.stored(await db.fetchval(photo)) == picture
    files = [
        await kept("букет.png", "image/png", "photo", picture),
        await kept("Счёт.pdf", "application/pdf", "document", b"%PDF-1.4 bill"),
    ]
    await company.says(dialog, "Счёт во вложении", Reply.model_validate({"files": files}))
    await anna.wait_text("Счёт во вложении")
    await company.settled()
    sent = [one["type"] for message in anna.received() for one in message.attachments]
    assert sorted(sent) == ["doc", "photo"]
    await replies.edit(boris, message_id=answer, text="Есть красные и белые, по 200 ₽")
    await anna.wait_text("по 200 ₽")
    anna.deny()

    async def refused() -> bool:
        return not await db.fetchval("SELECT reachable FROM identity")

    await eventually(refused, what="the refusal to be known")
    before = len(anna.received())
    with pytest.raises(Conflict, match="blocked"):
        await company.says(dialog, "Скидка!")
    assert len(anna.received()) == before
    anna.allow()
    await eventually(lambda: db.fetchval("SELECT reachable FROM identity"), what="the consent")
    await company.says(dialog, "Спасибо, что вернулись")
    await anna.wait_text("вернулись")
    await company.settled()


async def test_a_refusal_nobody_told_about_is_learnt_from_the_answer(company: Company) -> None:
    dialog = await company.accepted()
    company.anna.conversation.allowed = False
    await company.says(dialog, "Есть")
    await company.becomes(("in", "Есть розы?", None), ("out", "Есть", "failed"))
    assert await db.fetchval("SELECT reachable FROM identity") is False


async def test_words_typed_in_vk_itself_stand_in_the_dialog_once(company: Company) -> None:
    """Beside Pult's own, whose echoes come at the same time, each event twice."""
    dialog = await company.accepted()
    company.world.events[company.group.id].twice = True
    await company.says(dialog, "из Пульта")
    await company.anna.wait_text("из Пульта")
    company.olga.say(company.anna.user.id, "из ВКонтакте")
    await company.settled()
    company.anna.read()
    await company.settled()
    talk = sorted(await company.talk())
    assert talk == [
        ("in", "Есть розы?", None),
        ("out", "из ВКонтакте", "read"),
        ("out", "из Пульта", "read"),
    ]
    author = "SELECT extra->>'author' FROM message WHERE text = 'из ВКонтакте'"
    assert await db.fetchval(author) == "Ольга Петрова"


async def test_an_unknown_fate_is_cleared_up_by_the_echo(company: Company) -> None:
    """The answer is lost every time, VK has the message, and its echo says so."""
    dialog = await company.accepted()
    company.world.faults.reset(after=True, times=3)
    await company.says(dialog, "Есть")
    await company.becomes(("in", "Есть розы?", None), ("out", "Есть", "sent"))
    assert [one.text for one in company.anna.received()] == ["Есть"]


async def test_twice_and_backwards_end_the_same(company: Company) -> None:
    """Events that come twice, newest first: the dialog reads as it was spoken."""
    dialog = await company.accepted("начало")
    events = company.world.events[company.group.id]
    events.twice = events.backwards = True
    first = company.anna.text("раз")
    company.anna.text("два", reply_to=first)
    company.olga.say(company.anna.user.id, "наше")
    company.anna.text("три")
    assert len(events.pending) == 8
    events.release()
    await company.settled()
    assert dialog == 1
    assert [text for _, text, _ in await company.talk()] == ["начало", "раз", "два", "наше", "три"]
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1
    assert await db.fetchval("SELECT count(*) FROM client") == 1


async def test_a_pressed_button_is_heard_once_and_stops_its_clock(company: Company) -> None:
    dialog = await company.accepted()
    rows = [[{"text": "Беру", "data": "take"}, {"text": "Каталог", "url": "https://x.example/"}]]
    await company.says(dialog, "Берёте?", Reply.model_validate({"buttons": rows}))
    await company.anna.wait_text("Берёте?")
    company.world.events[company.group.id].twice = True
    company.anna.press("Беру")
    await company.settled()
    pressed = await db.fetch("SELECT data FROM event WHERE type = 'ClientPressed'")
    assert [orjson.loads(row["data"])["data"] for row in pressed] == ["take"]
    assert company.world.of("messages.sendMessageEventAnswer")


async def test_orders_and_questions_of_the_shop_name_the_item(company: Company) -> None:
    """An order is a request with all its items; its changes change it, also those we make."""
    world, group, anna = company.world, company.group, company.anna
    goods = [
        objects.item(group.id, number, title, price)
        for number, (title, price) in enumerate(
            [("Букет «Осень»", 350_000), ("Ваза", 120_000), ("Открытка", 15_000)], 1
        )
    ]
    anna.ask_about(goods[0], "Он есть в наличии?")

    async def asked() -> db.Row | None:
        return await db.fetchrow("SELECT text, context FROM message m JOIN dialog d ON true")

    question = await eventually(asked, what="the question")
    assert question is not None
    assert "Букет «Осень»" in question["text"]
    assert orjson.loads(question["context"])["item"] == "Букет «Осень»"
    world.events[group.id].twice = True
    order = anna.order(*((one, 1) for one in goods), comment="К семи", phone="+79990000001")

    async def requested() -> db.Row | None:
        return await db.fetchrow("SELECT * FROM request")

    request = await eventually(requested, what="the request")
    assert request is not None
    titles = [one["title"] for one in orjson.loads(request["items"])]
    assert titles == ["Букет «Осень»", "Ваза", "Открытка"], "also those the event leaves out"
    assert (request["amount"], request["text"]) == (Decimal("4850.00"), "К семи")
    assert orjson.loads(request["person"])["phone"] == "+79990000001"
    client = "SELECT client_id FROM identity"
    assert request["client_id"] == await db.fetchval(client), "who orders is who has asked"
    target = f"order:{anna.user.id}:{order['id']}"
    values = {"status": "delivery"}
    await acts.act(company.boris, channel_id=1, do="order_status", target=target, values=values)

    async def on_its_way() -> bool:
        details = await db.fetchval("SELECT details FROM request")
        return bool(orjson.loads(details)["Status"] == "on its way")

    await eventually(on_its_way, what="the status to come back")
    assert order["status"] == 3
    assert await db.fetchval("SELECT count(*) FROM request") == 1


async def test_an_odd_status_is_refused_with_the_known_ones(company: Company) -> None:
    for target, values in (("order:1:2", {"status": "lost"}), ("lead:1", {"status": "new"})):
        await acts.act(company.boris, channel_id=1, do="order_status", target=target, values=values)
    await acts.act(company.boris, channel_id=1, do="dance", target="order:1:2")
    await company.settled()
    rows = await db.fetch("SELECT state, error FROM outbox ORDER BY id")
    assert [row["state"] for row in rows] == ["failed"] * 3
    assert "packing" in rows[0]["error"]
    assert "not an order" in rows[1]["error"]
