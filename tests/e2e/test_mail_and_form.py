"""A letter and the shop's form on the stage: in from the client, out to their mail program."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.dovecot import available
from tests.e2e.play import Play

pytestmark = pytest.mark.e2e
PRICES = "Добрый день! Пришлите, пожалуйста, цены на оформление зала."
ANSWER = "Здравствуйте! Оформление зала — от 35 000 ₽, смету пришлём сегодня."


@pytest.mark.skipif(not available(), reason="no mail server on this machine")
async def test_a_letter_is_answered(play: Play) -> None:
    await play.take(play.clients, "Сергей")
    await play.clients.get_by_role("textbox", name="Тема").fill("Оформление зала")
    box = play.clients.get_by_role("textbox", name="Сообщение")
    await box.fill(PRICES)
    await box.press("Enter")
    await expect(play.clients.locator(".subject")).to_have_text("Оформление зала")
    await play.offered("цены на оформление")
    await play.accept("цены на оформление")
    await play.topic("Сергей")
    await play.write(play.managers, ANSWER)
    theirs = play.clients.locator(".message:not(.is-mine)")
    await expect(theirs.locator(".words")).to_contain_text(ANSWER)
    await expect(theirs.locator(".subject")).to_have_text("Re: Оформление зала")
    await expect(theirs.locator(".forwarded")).to_have_text("Цветочная лавка «Ромашка»")
    await play.picture("10-mail")
    await box.fill("Спасибо, жду смету")
    await box.press("Enter")
    await expect(play.managers.get_by_text("жду смету").last).to_be_visible()
    await play.picture("11-mail-goes-on")


async def test_the_form_becomes_an_application(play: Play) -> None:
    form = play.shop.locator("#call form")
    await form.locator("[name=name]").fill("Ольга")
    await form.locator("[name=phone]").fill("+7 916 123-45-67")
    await form.locator("[name=message]").fill("Хочу букет невесты")
    await form.locator("button").click()
    await expect(play.shop.locator("#call")).to_contain_text("Спасибо")
    await play.picture("12-form")
    await play.offered("Ольга")
    await play.picture("13-form-offered")
    card = play.managers.locator(".message", has_text="Ольга").last
    await card.locator(".inline-button", has_text="Принять").click()
    await expect(card).to_contain_text("У вас в работе")
    await expect(play.page.get_by_text("Заявка: Ольга (Сайт «Ромашки»)")).to_be_visible()
    await play.picture("14-form-accepted")
