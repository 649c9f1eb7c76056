"""The timeline: one order of time over everything, filters, pages, long texts folded."""

from __future__ import annotations

from datetime import timedelta

from crm_core.clients import commands as clients
from crm_core.dialogs import replies
from crm_core.kernel import clock, db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import User
from tests import factories
from tests.bot.clients.scenes import accepted, card_of, client_id, press
from tests.bot.rig import Rig, labels, ru


async def _lived(rig: Rig) -> Person:
    """A message, an answer, two kinds of notes, a file, a contact, a new name."""
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    actor = await rig.actor(anna)
    dialog = (await rig.dialog())["id"]
    one = await client_id("Пётр Иванов")
    await replies.reply(actor, dialog_id=dialog, text="Есть, красные")
    anna.text("//Скидка постоянному", reply_to=anna.received()[-1])
    await rig.settled()
    await clients.note(actor, client_id=one, text="Звонить после обеда")
    await clients.rename(actor, client_id=one, name="Пётр Сидоров")
    client = rig.world.actor(_user(rig, "Пётр Иванов"), rig.shop)
    client.document(b"%PDF-1.4 plan", "план.pdf", caption="Вот план")
    await rig.settled()
    # Telegram tells whole seconds: in a test everything happens within one.
    await db.execute("UPDATE message SET at = $1 WHERE text = 'Вот план'", clock.now())
    return anna


async def test_one_order_of_time_and_filters(rig: Rig) -> None:
    anna = await _lived(rig)
    card = await card_of(anna, "Пётр Сидоров")
    await press(anna, "📜 Лента", card)
    await press(anna, "‹ Раньше", card)
    everything = card.text
    await press(anna, "Последние ›", card)
    everything = everything + card.text
    order = [
        "Есть розы?",
        "Новый диалог",
        "Диалог принят: Анна",
        "Есть, красные",
        "Скидка постоянному",
        "Звонить после обеда",
        "Переименовано: Пётр Иванов → Пётр Сидоров",
        "Вот план",
    ]
    places = [everything.index(words) for words in order]
    assert places == sorted(places)
    await press(anna, "📎 Файлы", card)
    assert "план.pdf" in card.text
    assert "Есть розы?" not in card.text
    await press(anna, "🔒 Заметки", card)
    assert ("Скидка постоянному" in card.text, "Звонить" in card.text) == (True, True)
    assert "красные" not in card.text
    await press(anna, "💬 Сообщения", card)
    assert "красные" in card.text
    assert "Скидка" not in card.text
    await press(anna, "🗂 События", card)
    assert "Переименовано" in card.text
    assert "красные" not in card.text
    assert "• 🗂 События" in labels(card)


def _user(rig: Rig, name: str) -> User:
    return next(one for one in rig.world.users.values() if one.first_name == name)


async def test_channels_are_named_when_there_are_several(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "Есть розы?")
    one = await client_id("Пётр Иванов")
    channel = await factories.channel("webchat", "Сайт")
    await db.execute(
        "INSERT INTO identity (channel_id, external_id, client_id, name)"
        " VALUES ($1, 'v1', $2, 'Гость')",
        channel,
        one,
    )
    card = await card_of(anna, "Пётр Иванов")
    assert "💬 Сайт: Гость" in card.text
    await press(anna, "📜 Лента", card)
    assert "👤 Пётр Иванов · сегодня" in card.text
    assert " · Магазин\nЕсть розы?" in card.text


async def test_empty_filters_teach(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    actor = await rig.actor(anna)
    await clients.create(actor, name="Новый")
    card = await card_of(anna, "Новый")
    await press(anna, "📜 Лента", card)
    await press(anna, "📎 Файлы", card)
    said = ru("No files yet: what the client and you send will stand here.")
    assert card.text == f"📜 👤 Новый\n{said}"


async def test_pages_show_everything_once_in_order(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "строка-0")
    dialog, one = await rig.dialog(), await client_id("Пётр Иванов")
    first = clock.now()
    for number in range(1, 40):
        await db.execute(
            "INSERT INTO message (dialog_id, client_id, direction, kind, text, at, created_at)"
            " VALUES ($1, $2, 'in', 'text', $3, $4, $4)",
            dialog["id"],
            one,
            f"строка-{number}",
            first + timedelta(seconds=number // 3),  # three at the same moment
        )
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📜 Лента", card)
    await press(anna, "💬 Сообщения", card)
    seen: list[str] = []
    while True:
        page = [word for word in card.text.split() if word.startswith("строка-")]
        seen = page + seen
        if "‹ Раньше" not in labels(card):
            break
        await press(anna, "‹ Раньше", card)
    assert seen == [f"строка-{number}" for number in range(40)]


async def test_seven_long_texts_fit_and_are_folded(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await accepted(rig, anna, "начало")
    client = rig.world.actor(_user(rig, "Пётр Иванов"), rig.shop)
    for number in range(7):
        client.text(f"{number}🌹" * 1300)
    await rig.settled()
    card = await card_of(anna, "Пётр Иванов")
    await press(anna, "📜 Лента", card)
    await press(anna, "💬 Сообщения", card)
    quotes = [one for one in card.content["entities"] if one["type"] == "expandable_blockquote"]
    assert len(quotes) == 7
    assert len(card.text.encode("utf-16-le")) // 2 <= 4096
