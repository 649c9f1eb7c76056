"""The widget in a real browser: phones, languages, colours, banners, foreign sites, tabs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from crm_core.kernel import db
from tests.channels.webchat.shopper import (
    DESKTOP,
    PHONE,
    Shopper,
    browser,
    shopper,
    shopping,
)
from tests.channels.webchat.site import Site, open_site
from tests.waiting import eventually

__all__ = ["browser", "shopper"]

pytestmark = pytest.mark.e2e


async def test_on_a_phone_it_fills_the_screen(browser: Browser, site: Site) -> None:
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    async with shopping(browser, site, **phone) as shopper:
        await shopper.visit()
        await shopper.open()
        box = await shopper.find(".panel").bounding_box()
        assert box == {"x": 0, "y": 0} | PHONE
        await expect(shopper.find(".launch")).to_be_hidden()
        wide = await shopper.find(".panel").evaluate("panel => panel.scrollWidth")
        assert wide <= PHONE["width"]
        await shopper.write("С телефона " + "оченьдлинноеслово" * 20)
        await expect(shopper.find(".mine .tick")).to_be_visible()
        assert await shopper.find(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
        await shopper.find("header button").last.click()
        await expect(shopper.find(".launch")).to_be_visible()
        assert await shopper.page.evaluate("document.documentElement.style.overflow") == ""


@pytest.mark.parametrize(
    ("locale", "query", "placeholder", "greeting"),
    [
        ("ru-RU", "lang=ru", "Напишите сообщение…", "Здравствуйте! Чем можем помочь?"),
        ("ru-RU", "lang=en", "Write a message…", "Hello! How can we help?"),
        ("en-US", "lang=", "Write a message…", "Hello! How can we help?"),
        ("en-US", "lang=&language=ru", "Напишите сообщение…", "Здравствуйте! Чем можем помочь?"),
    ],
)
async def test_languages(
    browser: Browser, site: Site, *, locale: str, query: str, placeholder: str, greeting: str
) -> None:
    async with shopping(browser, site, locale=locale) as shopper:
        await shopper.visit(query)
        await shopper.open()
        await expect(shopper.find("textarea")).to_have_attribute("placeholder", placeholder)
        await expect(shopper.find(".theirs .text")).to_have_text(greeting)


async def test_colour_theme_and_side(browser: Browser, opened: str) -> None:
    async with (
        open_site(colour="#ffd500", position="left") as site,
        shopping(browser, site, color_scheme="dark") as shopper,
    ):
        await shopper.visit()
        await shopper.open()
        look = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
        head = await shopper.find("header").evaluate(look)
        assert head == ["rgb(255, 213, 0)", "rgb(20, 22, 26)"], "dark words on a light accent"
        panel = await shopper.find(".panel").evaluate(look)
        assert panel == ["rgb(23, 25, 30)", "rgb(236, 238, 242)"]
        box = await shopper.find(".panel").bounding_box()
        assert box is not None
        assert box["x"] == 20


async def test_questions_before_the_first_message(browser: Browser, opened: str) -> None:
    asked: dict[str, Any] = {"ask": ["name", "phone"], "ask_required": True}
    async with open_site(**asked) as site, shopping(browser, site) as shopper:
        await shopper.visit()
        await shopper.open()
        await expect(shopper.find("#f-name")).to_be_focused()
        await shopper.write("Перезвоните")
        await expect(shopper.find("#h-name")).to_have_text("Заполните это поле")
        await shopper.find("#f-name").fill("Ольга")
        await shopper.find("#f-phone").fill("нет")
        await shopper.find(".go").click()
        await expect(shopper.find("#h-phone")).to_have_text("Проверьте, нет ли опечатки")
        await shopper.find("#f-phone").fill("8 (999) 123-45-67")
        await shopper.find(".go").click()
        await expect(shopper.find(".mine .tick")).to_be_visible()
        await expect(shopper.find(".ask")).to_have_count(0)
        assert await db.fetchval("SELECT name FROM identity") == "Ольга"
        assert await db.fetchval("SELECT value FROM contact_point") == "+79991234567"


async def test_nobody_on_shift_is_said(browser: Browser, opened: str) -> None:
    async with open_site() as site, shopping(browser, site) as shopper:
        await db.execute("UPDATE employee SET presence = 'off'")
        await shopper.visit()
        await shopper.open()
        await expect(shopper.find(".sub")).to_have_text("Сейчас не на смене")
        await shopper.write("Есть кто?")
        await expect(shopper.find(".note")).to_contain_text("ответим, как только вернёмся")


async def test_a_cookie_banner_stays_free(browser: Browser, site: Site) -> None:
    site.bodies["banner"] = (
        "<div id=c style='position:fixed;left:0;right:0;bottom:0;height:90px;background:#eee;"
        "z-index:99'>Мы любим печенье<button onclick='this.parentNode.remove()'>Да</button></div>"
    )
    async with shopping(browser, site) as shopper:
        await shopper.visit("body=banner&offset-bottom=10")

        async def bottom() -> float:
            box = await shopper.find(".launch").bounding_box()
            assert box is not None
            return DESKTOP["height"] - box["y"] - box["height"]

        await eventually(lambda: _is(bottom, 120))
        await shopper.page.click("#c button")
        await eventually(lambda: _is(bottom, 30))


async def _is(measure: Any, value: float) -> bool:
    return bool(abs(await measure() - value) < 1)


async def test_a_foreign_site_shows_nothing(browser: Browser, opened: str) -> None:
    async with (
        open_site(origins=["https://shop.example"]) as site,
        shopping(browser, site) as shopper,
    ):
        async with shopper.page.expect_console_message() as said:
            await shopper.page.goto(f"{site.url.replace('127.0.0.1', 'localhost')}/page")
        assert (await said.value).text
        await expect(shopper.find(".launch")).to_have_count(0)


async def test_two_tabs_agree(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    other = Shopper(shopper.site, await shopper.page.context.new_page())
    await other.visit()
    await shopper.site.answer(dialog, "Видно везде")
    await expect(shopper.find(".theirs .text").last).to_have_text("Видно везде")
    await expect(other.find(".badge")).to_be_hidden()
    await other.open()
    await expect(other.find(".theirs .text").last).to_have_text("Видно везде")
    await other.write("Из второй")
    await expect(shopper.find(".mine .text").last).to_have_text("Из второй")
    assert other.errors == []
