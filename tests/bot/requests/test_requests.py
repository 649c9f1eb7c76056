"""Applications in the bot: notices, the race, the list, and every way out of one's hands."""

from __future__ import annotations

from datetime import timedelta

from crm_core.clients import commands as clients
from crm_core.dialogs.messages import Sender
from crm_core.kernel import db, wake
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.requests import commands, reasons
from crm_core.requests.shapes import About, Item, Origin, Person, Track
from sandbox.botapi.press import press_data
from tests import factories
from tests.bot.clients.scenes import press, row
from tests.bot.requests.scenes import arrives, kept
from tests.bot.rig import Rig, labels, ru, texts
from tests.factories_requests import comes, lead, request


async def test_the_first_to_accept_has_it_and_the_rest_see_who(rig: Rig) -> None:
    await factories.queue(strategy="everyone")
    people = [await rig.employee(name) for name in ("Анна", "Борис", "Вера")]
    await request("+79123456789", "Олег Петров")
    cards = [await person.wait_text("Олег Петров") for person in people]
    presses = [person.press("✅ Принять", card) for person, card in zip(people, cards, strict=True)]
    answers = [await one.answer() for one in presses]
    won = [n for n, answer in enumerate(answers) if "Заявка ваша" in answer["text"]]
    assert len(won) == 1
    winner = await rig.actor(people[won[0]])
    assert (await kept(rig))["responsible_id"] == winner.id
    for number, card in enumerate(cards):
        if number in won:
            assert "💬 Написать" in labels(card)
        else:
            assert answers[number]["text"] == ru(
                "%(name)s has already taken this request.", name=winner.name
            )
            assert f"В работе: {winner.name}" in card.text
            assert "✅ Принять" not in labels(card)


async def test_the_card_tells_what_decides(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await commands.register(
        SYSTEM,
        origin=Origin(
            kind="order",
            source="Сайт",
            track=Track(
                campaign={"utm_source": "yandex", "utm_campaign": "весна"},
                visit="77",
                page="https://shop.example/roses",
                recording="https://uis.example/r.mp3",
            ),
        ),
        person=Person(name="Олег Петров", phone="89123456789", email="o@example.com"),
        about=About(
            subject="Заказ",
            text="Привезите к вечеру",
            items=(Item(title="Розы", quantity=3),),
            amount=451,
            details={"Доставка": "Тверь"},
        ),
    )
    card = await anna.wait_text("Олег Петров")
    assert card.text.splitlines() == [
        "📥 🟢 Олег Петров",
        "Сайт · Заказ",
        "Ждёт только что · Продажи",
        "📞 +7 912 345-67-89",
        "✉️ o@example.com",
        "🛒 Розы × 3 · 451 ₽",
        "🔗 yandex / весна · https://shop.example/roses · визит 77",
        "🎧 Запись разговора",
        "Доставка: Тверь",
        "Привезите к вечеру",
    ]
    assert (await anna.press("❔ Почему я?", card).answer())["show_alert"]


async def test_no_rejection_without_a_reason(rig: Rig) -> None:
    admin = await rig.employee("Ада", role=Role.ADMIN, presence="off")
    await reasons.set_reasons(await rig.actor(admin), reasons=["Не наш город", "Спам"])
    anna = await rig.employee("Анна")
    card = await arrives(anna)
    await press(anna, "✖️ Отклонить", card)
    assert "Почему отклоняете заявку?" in card.text
    assert labels(card) == ["Не наш город", "Спам", "← Назад"]
    number = (await kept(rig))["id"]
    for forged in (f"rj:{number}::0:", f"rj:{number}:00000000:0:"):
        answer = await press_data(anna, card, forged).answer()
        assert answer["show_alert"]
        assert (await kept(rig))["state"] == "new", "a press without a reason rejects nothing"
        await press(anna, "✖️ Отклонить", card)
    await press(anna, "Не наш город", card)
    assert "Отклонена: Не наш город · Анна" in card.text
    found = await kept(rig)
    assert (found["state"], found["rejected_for"]) == ("rejected", "Не наш город")
    assert "✅ Принять" not in labels(card)


async def test_the_list_shows_source_age_and_state(rig: Rig) -> None:
    anna = await rig.employee("Анна", presence="off")
    for source, name in (("UIS", "Олег"), ("UIS", "Ольга"), ("Roistat", "Игорь")):
        await request(name=name, source=source)
    await db.execute("UPDATE request SET registered_at = now() - interval '20 min' WHERE id = 1")
    await rig.settled()
    home = anna.received()[-1]
    assert "📥 Заявки 3" in labels(home)
    await press(anna, "📥 Заявки 3", home)
    assert home.text.splitlines() == ["📥 Заявки · 📥 Новые", "3 заявки"]
    assert labels(home)[:5] == [
        "1. 🔴 Олег · UIS · 20 мин",
        "2. 🟢 Ольга · UIS · только что",
        "3. 🟢 Игорь · Roistat · только что",
        "UIS 2",
        "Roistat 1",
    ]
    await press(anna, "Roistat 1", home)
    assert labels(home)[0] == "1. 🟢 Игорь · Roistat · только что"
    assert "только из источника: Roistat" in home.text
    await press(anna, "Все источники", home)
    await press(anna, row(home, "Олег"), home)
    await press(anna, "✅ Принять", home)
    assert "У вас в работе" in home.text
    await press(anna, "← Назад", home)
    assert "2 заявки" in home.text
    await press(anna, "💬 Мои 1", home)
    await press(anna, row(home, "Олег"), home)
    await press(anna, "✔️ Готово", home)
    assert "Завершена: обработана · Анна" in home.text
    await press(anna, "← Назад", home)
    assert "У вас нет заявок в работе" in home.text
    await press(anna, "⚪ Завершённые", home)
    assert row(home, "Олег").startswith("1. ⚪ Олег")


async def test_pages_of_seven(rig: Rig) -> None:
    anna = await rig.employee("Анна", presence="off")
    for number in range(9):
        await request(name=f"Клиент {number}")
    await rig.settled()
    home = anna.received()[-1]
    await press(anna, "📥 Заявки 9", home)
    await press(anna, "›", home)
    assert [one[:2] for one in labels(home)[:2]] == ["8.", "9."]
    await press(anna, "‹", home)
    assert labels(home)[0].startswith("1.")


async def test_handed_over_with_a_comment(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис", presence="off")
    card = await arrives(anna)
    await press(anna, "✅ Принять", card)
    await press(anna, "➡️ Передать", card)
    await press(anna, row(card, "Борис"), card)
    await anna.wait_text("Напишите комментарий")
    anna.text("Просит опт, это к вам")
    told = await boris.wait_text("Просит опт, это к вам")
    assert "У вас в работе" in told.text
    await rig.settled()
    assert "В работе: Борис" in card.text
    assert (await kept(rig))["comment"] == "Просит опт, это к вам"


async def test_back_to_a_queue_without_a_comment(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    card = await arrives(anna)
    await press(anna, "✅ Принять", card)
    await press(anna, "➡️ Передать", card)
    await press(anna, row(card, "Продажи"), card)
    prompt = await anna.wait_text("Напишите комментарий")
    await press(anna, "➡️ Без комментария", prompt)
    told = await boris.wait_text("Олег Петров")
    assert "✅ Принять" in labels(told)


async def test_becomes_a_client_in_one_press(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await arrives(anna, "Олег Петров", "89123456789")
    await press(anna, "✅ Принять", card)
    await press(anna, "👤 В клиенты", card)
    assert card.text.startswith("👤")
    assert "+7 912 345-67-89" in card.text
    await press(anna, "📜 Лента", card)
    assert "Заявка: заведён клиент" in card.text
    await press(anna, "← Назад", card)
    await press(anna, "← Назад", card)
    assert "Завершена: заведён клиент · Анна" in card.text


async def test_of_several_cards_a_person_chooses(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    for name in ("Олег", "Ольга"):
        await clients.create(SYSTEM, name=name, phone="+79123456789")
    card = await arrives(anna, "Кто-то", "+79123456789")
    await press(anna, "✅ Принять", card)
    await press(anna, "👤 В клиенты", card)
    assert "Кто это?" in card.text
    await press(anna, row(card, "Ольга"), card)
    assert "Ольга" in card.text
    assert await db.fetchval("SELECT count(*) FROM client") == 2


async def test_a_nameless_one_is_asked_for_a_name(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await commands.register(SYSTEM, origin=Origin(source="Сайт"), about=About(subject="Звоните"))
    card = await anna.wait_text("Неизвестный")
    await press(anna, "✅ Принять", card)
    await press(anna, "👤 В клиенты", card)
    await anna.wait_text("Как зовут клиента?")
    anna.text("Олег Петров")
    await anna.wait_text("По заявке заведён клиент")
    assert await db.fetchval("SELECT name FROM client") == "Олег Петров"


async def test_answered_in_its_channel(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    client = rig.client("Пётр Иванов")
    client.text("Здравствуйте")
    first = await anna.wait_text("Здравствуйте")
    await press(anna, "✅ Принять", first)
    await rig.settled()
    chat = str(client.chat.id)
    sender = Sender(external_id=str(client.user.id), name="Пётр Иванов")
    await comes(1, lead(chat=chat, sender=sender, subject="Заказ роз"))
    card = await anna.wait_text("Заказ роз")
    await press(anna, "✅ Принять", card)
    await press(anna, "💬 Написать", card)
    await rig.settled()
    found = await kept(rig)
    assert (found["state"], found["outcome"], found["dialog_id"]) == ("done", "dialog", 1)


async def test_who_can_not_be_written_to_is_told(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await arrives(anna, phone="+79123456789")
    await press(anna, "✅ Принять", card)
    answer = await anna.press("💬 Написать", card).answer()
    assert "Написать этому человеку некуда" in answer["text"]


async def test_more_news_of_a_request_changes_its_card(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    await comes(1, lead(external_id="7", text="Есть розы?"))
    card = await anna.wait_text("Есть розы?")
    await comes(1, lead(external_id="7", text="Есть розы? Сто штук."))
    await rig.settled()
    assert "Сто штук" in card.text
    assert sum("розы?" in text for text in texts(anna)) == 1, "never two notices for one fact"


async def test_not_accepted_in_time_the_next_is_asked(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    await arrives(anna)
    await db.execute("UPDATE timer SET due_at = due_at - $1::interval", timedelta(hours=1))
    await wake.notify("timers")
    await boris.wait_text("Олег Петров")
    await anna.wait_text("предложен: Борис")


async def test_outdated_and_forged_presses(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис", presence="off")
    card = await arrives(anna)
    number = (await kept(rig))["id"]
    await press(anna, "✅ Принять", card)
    answer = await press_data(anna, card, f"r:close:{number}:1:").answer()
    assert answer["text"].startswith("Тем временем что-то изменилось")
    assert "💬 Написать" in labels(card)
    home = boris.received()[0]
    answer = await press_data(boris, home, f"r:close:{number}:0:").answer()
    assert answer["text"] == ru("This request is with somebody else.")
    answer = await press_data(boris, home, "r:card:999:0:").answer()
    assert answer["show_alert"]
    assert (await kept(rig))["state"] == "accepted"
