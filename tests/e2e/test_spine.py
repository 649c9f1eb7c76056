"""A client's words in, a manager's answer out, through the browser, as a newcomer tries it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.play import Play

pytestmark = pytest.mark.e2e

MARIA = "Сколько будет букет из 25 роз"
ANSWER, SECOND = "25 роз с доставкой — 4 700 ₽", "Борис на связи: привезём к 10:00"
NOTE, SUMMARY = "постоянная клиентка, скидка 5 %", "Заказ на 25 роз, завтра к 10:00"
QUESTION, REPLY = "Есть пионы к субботе?", "Пионы будут в пятницу, отложим для вас"


async def test_a_telegram_dialog_changes_hands(play: Play) -> None:
    """Accepted, answered, noted, handed over, answered again, closed; the note never leaves."""
    first = await play.offered(MARIA)
    await play.picture("1-card")
    await play.accept(MARIA)
    await play.topic("Мария")
    await play.write(play.managers, ANSWER)
    await expect(play.clients.get_by_text(ANSWER)).to_be_visible()
    await play.write(play.managers, f"// {NOTE}")
    await play.picture("2-answered-and-noted")
    second = await play.hand_over("Борис" if first != "Борис" else "Анна")
    await play.take(play.managers, second)
    await play.topic("Мария")
    await expect(play.managers.get_by_text(NOTE).first).to_be_visible()
    await play.picture("3-handed-over")
    await play.write(play.managers, SECOND)
    await expect(play.clients.get_by_text(SECOND)).to_be_visible()
    await play.press(play.managers, "Закрыть")
    await expect(play.managers.get_by_text("Чем закончилось?")).to_be_visible()
    await play.write(play.managers, SUMMARY)
    await expect(play.managers.get_by_text("Закрыт. Если клиент напишет")).to_be_visible()
    await play.picture("4-closed")
    assert await play.seen_by_client() == [ANSWER, SECOND]


async def test_a_visitor_of_the_shop_is_answered(play: Play) -> None:
    await play.widget(".launch").click()
    await play.widget("textarea").fill(QUESTION)
    await play.widget(".go").click()
    await play.offered(QUESTION)
    await play.accept(QUESTION)
    await play.topic("Гость")
    await play.write(play.managers, REPLY)
    await expect(play.widget(".row.theirs", has_text=REPLY)).to_be_visible()
    await play.write(play.managers, f"// {NOTE}")
    await play.widget("textarea").fill("Спасибо!")
    await play.widget(".go").click()
    await expect(play.managers.get_by_text("Спасибо!").last).to_be_visible()
    await play.picture("5-widget")
    assert await play.widget(".row", has_text=NOTE).count() == 0
    assert await play.widget(".row", has_text=REPLY).count() == 1


async def test_who_did_not_take_it_sees_who_did(play: Play) -> None:
    """The first passes it on, the next accepts: the first one's card tells, and takes no press."""
    first = await play.offered(MARIA)
    await play.press(play.managers, "Отказаться")
    second = await play.offered(MARIA, but=first)
    await play.picture("6-offered-to-the-next")
    await play.accept(MARIA)
    await play.take(play.managers, first)
    card = play.managers.locator(".message", has_text=MARIA)
    await expect(card).to_contain_text(f"Диалог у сотрудника: {second}")
    await expect(card.locator(".inline-button", has_text="Принять")).to_have_count(0)
    await play.picture("7-taken-by-another")


async def test_starting_over(play: Play) -> None:
    await play.offered(MARIA)
    await play.accept(MARIA)
    await play.start_over()
    await play.offered(MARIA)
    await expect(play.managers.locator(".topic-chip", has_text="Мария")).to_have_count(0)
    await play.picture("8-started-over")


async def test_in_english(play: Play) -> None:
    await play.page.get_by_role("button", name="English").click()
    await expect(play.page.get_by_role("heading", level=1)).to_contain_text("client")
    await play.take(play.clients, "Emma")
    await play.clients.get_by_role("button", name="Start", exact=True).click()
    await play.write(play.clients, "Do you deliver on Sunday?")
    await play.offered("Do you deliver on Sunday?")
    await play.accept("Do you deliver on Sunday?")
    await play.topic("Emma")
    await play.write(play.managers, "Yes, from 9 to 21")
    await expect(play.clients.get_by_text("Yes, from 9 to 21")).to_be_visible()
    await play.widget(".launch").click()
    await expect(play.widget("textarea")).to_have_attribute("placeholder", "Write a message…")
    await play.picture("9-english")
