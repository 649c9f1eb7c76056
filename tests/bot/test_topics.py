"""With topics: every accepted dialog is a topic of the manager's chat."""

from __future__ import annotations

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from tests.bot.rig import Rig, labels, ru, texts
from tests.waiting import eventually


def topics(person: Person) -> dict[int, str]:
    """Topics of the person's chat with the bot: id and name."""
    return {topic.id: topic.name for topic in person.chat.topics.values()}


async def opened(forum: Rig, manager: Person, client: Person, words: str) -> Person:
    """The manager in the topic of a dialog just accepted."""
    client.text(words)
    card = await manager.wait_text(words)
    await manager.press("✅ Принять", card).answer()
    await forum.settled()
    assert "диалог в своей теме" in card.text
    assert labels(card) == [], "the main chat only points to the topic"
    name = f"{client.user.first_name} · Магазин"
    found = [one for one, title in topics(manager).items() if title == name]
    assert len(found) == 1
    return manager.in_topic(found[0])


async def test_accepting_opens_a_topic_and_all_goes_through_it(forum: Rig) -> None:
    anna, petr = await forum.employee("Анна"), forum.client()
    topic = await opened(forum, anna, petr, "Есть розы?")
    work = await topic.wait_text("Есть розы?")
    assert "⚡ Быстрый ответ" in labels(work)
    own = topic.text("Есть, и красные, и белые")
    await petr.wait_text("и белые")
    petr.text("Десять, пожалуйста")
    notice = await topic.wait_text("Десять, пожалуйста")
    assert labels(notice) == []
    await forum.settled()
    assert own.reactions == {forum.desk.id: [{"type": "emoji", "emoji": "👌"}]}
    main = [one.text for one in anna.received() if one.thread_id is None]
    assert not any("Десять" in text for text in main)


async def test_each_client_has_a_topic(forum: Rig) -> None:
    anna, petr, olga = await forum.employee("Анна"), forum.client(), forum.client("Ольга")
    first = await opened(forum, anna, petr, "Есть розы?")
    second = await opened(forum, anna, olga, "А лилии?")
    assert first.thread_id != second.thread_id
    first.text("розы есть")
    second.text("лилий нет")
    await petr.wait_text("розы есть")
    await olga.wait_text("лилий нет")
    await forum.settled()
    assert texts(petr) == ["розы есть"]
    assert texts(olga) == ["лилий нет"]


async def test_note_in_a_topic_stays_in_the_house(forum: Rig) -> None:
    anna, petr = await forum.employee("Анна"), forum.client()
    topic = await opened(forum, anna, petr, "Есть розы?")
    topic.text("// торгуется")
    topic.press("🔒 Заметка")
    await topic.wait_text("её увидят только коллеги")
    topic.text("и ещё торгуется")
    await topic.wait_text("клиент этого не видит")
    await forum.settled()
    assert texts(petr) == []


async def test_form_waits_only_in_its_topic(forum: Rig) -> None:
    """A note asked for in one topic must not swallow an answer in another."""
    anna, petr, olga = await forum.employee("Анна"), forum.client(), forum.client("Ольга")
    first = await opened(forum, anna, petr, "Есть розы?")
    second = await opened(forum, anna, olga, "А лилии?")
    first.press("🔒 Заметка")
    await first.wait_text("её увидят только коллеги")
    second.text("лилий нет")
    await olga.wait_text("лилий нет")
    first.text("это заметка")
    await first.wait_text("клиент этого не видит")
    await forum.settled()
    assert texts(petr) == []


async def test_deleted_topic_is_made_anew(forum: Rig) -> None:
    from sandbox.botapi.topics import delete_topic

    anna, petr = await forum.employee("Анна"), forum.client()
    topic = await opened(forum, anna, petr, "Есть розы?")
    gone = topic.chat.topics[topic.thread_id or 0]
    delete_topic(forum.world, topic.chat, gone)
    petr.text("Вы здесь?")
    shown = await anna.wait_text("Вы здесь?")
    assert shown.thread_id not in {None, gone.id}
    anna.in_topic(shown.thread_id).text("Да")
    await petr.wait_text("Да")
    await forum.settled()


async def test_topic_tells_the_state_and_goes_on_when_the_client_returns(forum: Rig) -> None:
    anna, petr = await forum.employee("Анна"), forum.client()
    topic = await opened(forum, anna, petr, "Есть розы?")
    topic.press("✔️ Закрыть")
    await topic.wait_text("Чем закончилось?")
    topic.press("✔️ Без итога")
    await eventually(lambda: _named(topic, "✔️ Пётр Иванов · Магазин"), what="the closed topic")
    topic.text("Ещё вопрос")
    await topic.wait_text(ru("The dialog is closed. It opens again when the client writes."))
    petr.text("Это снова я")
    card = await anna.wait_text("Это снова я")
    await anna.press("✅ Принять", card).answer()
    await eventually(lambda: _named(topic, "Пётр Иванов · Магазин"), what="the open topic")
    await forum.settled()
    assert len(topics(anna)) == 1
    assert await db.fetchval("SELECT count(*) FROM dialog") == 2
    topic.text("С возвращением")
    await petr.wait_text("С возвращением")


async def _named(person: Person, name: str) -> bool:
    return list(topics(person).values()) == [name]


async def test_topics_switched_off_falls_back_to_replies(forum: Rig) -> None:
    anna, petr = await forum.employee("Анна"), forum.client()
    forum.desk.has_topics_enabled = False
    await forum.restart()
    await eventually(_no_topics, what="the bot to learn it")
    petr.text("Есть розы?")
    card = await anna.wait_text("Есть розы?")
    anna.press("✅ Принять", card)
    await anna.wait_text("Ждёт вашего ответа")
    anna.text("Да", reply_to=card)
    await petr.wait_text("Да")


async def _no_topics() -> bool:
    sql = "SELECT data->>'topics' FROM view_memory WHERE view = 'bot'"
    return bool(await db.fetchval(sql) == "false")


async def test_restart_in_a_topic(forum: Rig) -> None:
    anna, petr = await forum.employee("Анна"), forum.client()
    topic = await opened(forum, anna, petr, "Есть розы?")
    await forum.restart()
    topic.text("Есть")
    await petr.wait_text("Есть")
    await forum.restart()
    petr.text("Беру")
    await topic.wait_text("Беру")
    assert len(topics(anna)) == 1
