"""What a client is, in the bot: marks of catalogues, and how they first came."""

from __future__ import annotations

import pytest

from crm_core.catalogues.known import CLIENT_GROUP, known
from crm_core.catalogues.shapes import Impact
from crm_core.classification import queries
from crm_core.clients import commands as clients
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.requests.shapes import Track
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import card_of, press, row
from tests.bot.rig import Rig, labels
from tests.factories_catalogues import grown
from tests.factories_requests import request


async def opened_card(rig: Rig, person: Person, name: str = "Анна Петрова") -> tuple[Message, int]:
    """A card of this person's own and its number, at the screen of classification."""
    made = await clients.create(await rig.actor(person), name=name)
    home = await card_of(person, name)
    await press(person, "🏷 Классификация", home)
    return home, made.client_id


async def marked(client_id: int) -> list[str]:
    found = await queries.classified(SYSTEM, client_id)
    return [" › ".join(one.path) for one in found.items]


async def test_groups_are_marked_and_unmarked(rig: Rig) -> None:
    vera = await rig.employee("Вера")
    groups = await grown(await known(CLIENT_GROUP), {"Опт": {"Сети": {}}, "Розница": {}})
    home, client_id = await opened_card(rig, vera)
    assert home.text.splitlines() == [
        "🏷 👤 Анна Петрова",
        "🎯 Первичный интерес пока неизвестен.",
        "Отметок пока нет: выберите справочник, затем то, что подходит.",
    ]
    await press(vera, "📚 Группы клиентов", home)
    assert labels(home) == ["▫️ Опт", "▸", "▫️ Розница", "← Назад"]
    await press(vera, "▫️ Розница", home)
    await press(vera, "▸", home)
    assert "📚 Группы клиентов › Опт" in home.text
    await press(vera, "▫️ Сети", home)
    await press(vera, "← Назад", home)
    assert labels(home) == ["▫️ Опт", "▸ 1", "☑️ Розница", "← Назад"]
    assert await marked(client_id) == ["Опт › Сети", "Розница"]
    again = f"xp:{client_id}:{await known(CLIENT_GROUP)}:0:0:{groups['Розница']}:p0"
    await press_data(vera, home, again).answer()
    await rig.settled()
    assert await marked(client_id) == ["Опт › Сети", "Розница"], "a press that comes twice"
    await press(vera, "☑️ Розница", home)
    await press(vera, "← Назад", home)
    assert "📚 Группы клиентов: Опт › Сети" in home.text
    await press(vera, "← Назад", home)
    assert "⋯ Ещё" in labels(home)
    await press(vera, "📜 Лента", home)
    assert "Группы клиентов: − Розница" in home.text
    assert "Группы клиентов: + Сети" in home.text


QUESTIONS = {
    Impact.EXHIBITION: ("Выставки", "Какая выставка?"),
    Impact.ONLINE: ("Реклама в интернете", "Какой сайт или какая кампания?"),
    Impact.OUTDOOR: ("Наружная реклама", "Где увидели: место или адрес?"),
    Impact.MAILING: ("Рассылки", "Какая рассылка?"),
    Impact.COLD_CALL: ("Холодные звонки", "Кто звонил и по какому списку?"),
    Impact.SEARCH: ("Собственный поиск", "Что искали и где?"),
    Impact.OTHER: ("Другое", "Как именно о нас узнали?"),
}


@pytest.mark.feature("CLI-20")
async def test_the_source_is_asked_as_the_channel_wants_it(rig: Rig) -> None:
    vera = await rig.employee("Вера")
    boris = (await clients.create(SYSTEM, name="Борис Котов", phone="+79120000009")).client_id
    home, client_id = await opened_card(rig, vera)
    for number, (title, question) in enumerate(QUESTIONS.values()):
        await press(vera, "🎯 Первичный интерес", home)
        if not any(title in label for label in labels(home)):
            await press(vera, "›", home)
        await press(vera, row(home, title), home)
        asked = await vera.wait_text(question)
        assert asked.text.splitlines() == [f"🎯 👤 Анна Петрова · {title}", question]
        vera.text(f"ответ {number}")
        await rig.settled()
        assert f"🎯 {title}: ответ {number} · сегодня" in home.text
        assert home.text.splitlines()[1].endswith("· Вера")
    await press(vera, "🎯 Первичный интерес", home)
    await press(vera, row(home, "Рекомендация"), home)
    await vera.wait_text("Кто нас порекомендовал?")
    vera.text("Котов")
    found = await vera.wait_text("Кто из них нас порекомендовал?")
    assert labels(found)[:2] == ["1. 👤 Борис Котов · +7 912 000-00-09", "✍️ Как написано: Котов"]
    await press(vera, labels(found)[0], found)
    assert "🎯 Рекомендация: 👤 Борис Котов · сегодня" in found.text
    kept = (await queries.classified(SYSTEM, client_id)).interest
    assert kept is not None
    assert kept.source_client_id == boris
    facts = await db.fetch("SELECT data FROM event WHERE type = 'PrimaryInterestSet' ORDER BY id")
    assert len(facts) == len(QUESTIONS) + 1
    assert '"source": "ответ 6"' in facts[-1]["data"], "what stood before is in the fact"


async def test_a_stranger_who_recommended_is_kept_as_written(rig: Rig) -> None:
    vera = await rig.employee("Вера")
    await clients.create(SYSTEM, name="Борис Котов")
    home, client_id = await opened_card(rig, vera)

    async def asked(words: str) -> None:
        await press(vera, "🎯 Первичный интерес", home)
        await press(vera, row(home, "Рекомендация"), home)
        vera.text(words)
        await rig.settled()

    await asked("сосед по даче")
    assert "🎯 Рекомендация: сосед по даче" in home.text
    await asked("Котов")
    found = await vera.wait_text("Кто из них нас порекомендовал?")
    await press(vera, "✍️ Как написано: Котов", found)
    assert "🎯 Рекомендация: Котов" in found.text
    await press(vera, "🎯 Первичный интерес", found)
    await press(vera, row(found, "Выставки"), found)
    prompt = await vera.wait_text("Какая выставка?")
    await press(vera, "⏭ Неизвестно", prompt)
    kept = (await queries.classified(SYSTEM, client_id)).interest
    assert kept is not None
    assert (kept.channel, kept.source) == ("Exhibitions", "")


async def test_a_lead_tells_it_by_itself(rig: Rig) -> None:
    vera = await rig.employee("Вера")
    actor = await rig.actor(vera)
    await clients.create(actor, name="Анна Петрова", phone="+79120000001")
    campaign = {"utm_source": "yandex", "utm_medium": "cpc", "utm_campaign": "весна"}
    await request("+79120000001", track=Track(campaign=campaign))
    await rig.settled()
    home = await card_of(vera, "Анна Петрова")
    await press(vera, "🏷 Классификация", home)
    assert "🎯 Реклама в интернете: yandex / весна · сегодня" in home.text
    assert home.text.splitlines()[1].endswith("· по заявке автоматически")
