"""The care of quick replies: add, change, remove, files, rights, placeholders."""

from __future__ import annotations

import pytest

from crm_core.dialogs import quick
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.images import plain_png
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import accepted, press, row
from tests.bot.rig import Rig, labels, ru
from tests.waiting import eventually

PNG = plain_png(40, 30)


async def opened_list(person: Person) -> Message:
    home = person.received()[0]
    await press(person, "⚙️ Настройки", home)
    await press(person, "⚡ Быстрые ответы", home)
    return home


async def files_of(title: str) -> list[str]:
    one = next(r for r in await quick.quick_replies(0) if r.title == title)
    return [file.name for file in one.files]


async def test_add_with_placeholders_and_an_example(rig: Rig) -> None:
    anna = await rig.employee("Анна Смирнова")
    home = await opened_list(anna)
    assert "Быстрых ответов пока нет" in home.text
    await press(anna, "➕ Общий", home)
    await anna.wait_text(ru("New quick reply"))
    anna.text("я" * 81)
    await anna.wait_text(ru("A title has from 1 to %(most)s characters.", most=80))
    anna.text("Прайс-лист")
    asked = await anna.wait_text("Эти слова подставятся сами")
    assert "{client_first}" in asked.text
    assert "Анна Петрова увидит:\nЗдравствуйте, Анна! Это Анна. Вот наш прайс-лист." in asked.text
    anna.document(b"%PDF-1.4", "прайс.pdf", caption="{client_first}, вот прайс. {clent}")
    shown = await anna.wait_text("⚡ Прайс-лист\n👥 Общий")
    assert "Анна, вот прайс. {clent}" in shown.text
    assert "⚠️ Не знаю, что подставить вместо {clent}" in shown.text
    assert "📎 прайс.pdf" in shown.text
    card = await accepted(rig, anna, "Есть розы?")
    await press(anna, "⚡ Быстрый ответ", card)
    assert row(card, "📎 Прайс-лист")


async def test_change_title_text_files_and_remove(rig: Rig) -> None:
    await quick.add(SYSTEM, title="Доставка", text="Завтра", shared=True)
    anna = await rig.employee("Анна")
    home = await opened_list(anna)
    await press(anna, "1. 👥 Доставка", home)
    await press(anna, "✏️ Название", home)
    anna.text("Сроки")
    await anna.wait_text("✓ Изменено: Сроки")
    await press(anna, "✏️ Текст", home)
    anna.photo(PNG)
    await anna.wait_text(ru("Send a text. Files are added by a button of their own."))
    anna.text("За два дня,\n{client}")
    await eventually(lambda: _text_is("За два дня,\n{client}"), what="the new text")
    await press(anna, "📎 Добавить файл", home)
    anna.text("это не файл")
    await anna.wait_text(ru("Send a file, a photo or a recording, or press Cancel."))
    anna.document(b"map", "карта.txt")
    await eventually(lambda: _files_are("Сроки", 1), what="the file")
    await rig.settled()
    assert "📎 карта.txt" in home.text
    await press(anna, "✖️ Без файлов", home)
    assert "карта" not in home.text
    await press(anna, "🗑 Удалить", home)
    assert "Удалить «Сроки»?" in home.text
    await press(anna, "← Назад", home)
    await press(anna, "🗑 Удалить", home)
    await press(anna, "🗑 Удалить", home)
    assert "Быстрых ответов пока нет" in home.text
    assert await db.fetchval("SELECT count(*) FROM quick_reply") == 0
    await press(anna, "← Назад", home)
    assert "⚙️ Настройки" in home.text


async def _text_is(text: str) -> bool:
    return bool(await db.fetchval("SELECT text = $1 FROM quick_reply", text))


async def _files_are(title: str, count: int) -> bool:
    return len(await files_of(title)) == count


async def test_album_becomes_one_reply_and_never_goes_to_a_client(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    card = await accepted(rig, anna, "Здравствуйте")
    await press(anna, "✍️ Писать", card)
    home = await opened_list(anna)
    await press(anna, "➕ Общий", home)
    anna.text("Букеты")
    await anna.wait_text("Эти слова подставятся сами")
    anna.album([PNG, PNG, PNG], caption="Наши букеты")
    shown = await anna.wait_text("⚡ Букеты\n👥 Общий")
    await eventually(lambda: _files_are("Букеты", 3), what="all three pictures")
    await rig.settled()
    assert shown.text.count("📎") == 3
    assert await db.fetchval("SELECT count(*) FROM message WHERE direction = 'out'") == 0


async def test_own_ones_are_ones_own(rig: Rig) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    home = await opened_list(anna)
    await press(anna, "➕ Свой", home)
    anna.text("Моё")
    await anna.wait_text("Эти слова подставятся сами")
    anna.text("Здравствуйте")
    await anna.wait_text("Ваш: видите только вы")
    number = await db.fetchval("SELECT id FROM quick_reply")
    theirs = await opened_list(boris)
    assert not any("Моё" in label for label in labels(theirs))
    for do in ("show", "title", "text", "file", "bare", "remove", "gone"):
        answer = await press_data(boris, theirs, f"q:{do}:{number}").answer()
        assert answer == {"text": ru("This quick reply is no longer there."), "show_alert": True}
    assert await db.fetchval("SELECT count(*) FROM quick_reply") == 1


@pytest.mark.parametrize("do", ["title", "text", "file", "bare", "remove", "gone"])
async def test_operator_changes_only_own_ones(rig: Rig, do: str) -> None:
    number = await quick.add(SYSTEM, title="Доставка", text="Завтра", shared=True)
    oleg = await rig.employee("Олег", role=Role.OPERATOR)
    home = await opened_list(oleg)
    assert "➕ Общий" not in labels(home)
    assert "➕ Свой" in labels(home)
    await press(oleg, "1. 👥 Доставка", home)
    assert labels(home) == ["← Назад"]
    assert ru("Managers and heads change what is everybody's.") in home.text
    answer = await press_data(oleg, home, f"q:{do}:{number}").answer()
    assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")
    answer = await press_data(oleg, home, "qa:1").answer()
    assert answer["text"] == ru("You have no right to do this. Ask an administrator for it.")
    assert await db.fetchval("SELECT title || text FROM quick_reply") == "ДоставкаЗавтра"


async def test_outdated_button_and_restart_in_the_middle(rig: Rig) -> None:
    number = await quick.add(SYSTEM, title="Доставка", text="Завтра", shared=True)
    anna = await rig.employee("Анна")
    home = await opened_list(anna)
    await press(anna, "➕ Общий", home)
    anna.text("Оплата")
    await anna.wait_text("Эти слова подставятся сами")
    await rig.restart()
    anna.text("По счёту")
    await anna.wait_text("⚡ Оплата\n👥 Общий")
    await press(anna, row(home, "Доставка"), home)
    await quick.remove(SYSTEM, quick_reply_id=number)
    answer = await press(anna, "✏️ Название", home)
    assert answer["text"] == ru("This quick reply is no longer there.")
    assert row(home, "Оплата"), "the list shows how things stand"


async def test_pages(rig: Rig) -> None:
    for number in range(9):
        await quick.add(SYSTEM, title=f"Ответ {number}", text="x", shared=True)
    anna = await rig.employee("Анна")
    home = await opened_list(anna)
    assert sum("Ответ" in label for label in labels(home)) == 7
    await press(anna, "›", home)
    assert [label[:2] for label in labels(home) if "Ответ" in label] == ["8.", "9."]
