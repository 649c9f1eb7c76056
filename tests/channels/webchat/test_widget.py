"""The widget in a real browser, in a shop's page: what a visitor sees and does."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, async_playwright, expect

from crm_core.dialogs.messages import Kind
from crm_core.dialogs.replies import FileIn, Reply, edit
from crm_core.files.store import store
from crm_core.kernel import db
from tests.channels.webchat.site import Site, open_site
from tests.waiting import eventually

pytestmark = pytest.mark.e2e

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
DESKTOP = {"width": 1100, "height": 760}
PHONE = {"width": 360, "height": 740}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=QUIET.split()
        )
        yield found
        await found.close()


class Shopper:
    """A page of the shop with the widget in it."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def find(self, css: str) -> Locator:
        """Inside the widget's shadow."""
        return self.page.locator(f"pult-chat {css}")

    async def visit(self, query: str = "") -> None:
        await self.page.goto(f"{self.site.url}/page?{query}")
        await expect(self.find(".launch")).to_be_visible()

    async def open(self) -> None:
        await self.find(".launch").click()
        await expect(self.find("textarea")).to_be_visible()

    async def write(self, text: str) -> None:
        await self.find("textarea").fill(text)
        await self.find(".go").click()

    async def begin(self, text: str = "Здравствуйте") -> int:
        """Write the first message; returns the dialog, which Анна has accepted."""
        await self.open()
        await self.write(text)
        await expect(self.find(".mine .tick")).to_be_visible()
        dialog = await self.site.dialog()
        await self.site.accept(dialog)
        return dialog

    async def stored(self) -> list[str]:
        found: list[str] = await self.page.evaluate(
            "[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie]"
        )
        return [one for one in found if one]


@asynccontextmanager
async def shopping(browser: Browser, site: Site, **context: Any) -> AsyncIterator[Shopper]:
    usual = {"viewport": DESKTOP, "locale": "ru-RU", "reduced_motion": "reduce"}
    options: dict[str, Any] = usual | context
    window = await browser.new_context(**options)
    shopper = Shopper(site, await window.new_page())
    try:
        yield shopper
        assert shopper.errors == []
    finally:
        await window.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shopper(browser: Browser, site: Site) -> AsyncIterator[Shopper]:
    async with shopping(browser, site) as found:
        await found.visit()
        yield found


async def status_is(message: int, status: str) -> bool:
    found = await db.fetchval("SELECT status FROM message WHERE id = $1", message)
    return bool(found == status)


async def test_a_conversation_both_ways(shopper: Shopper) -> None:
    dialog = await shopper.begin("Есть пионы?")
    answer = await shopper.site.answer(dialog, "Да, сколько вам?")
    await expect(shopper.find(".theirs .text").last).to_have_text("Да, сколько вам?")
    await expect(shopper.find(".theirs .who").last).to_have_text("Анна")
    await expect(shopper.find(".sub")).to_have_text("Вам отвечает Анна")
    await expect(shopper.find(".mine .ticks")).to_be_visible()
    await eventually(lambda: status_is(answer, "read"))
    await edit(shopper.site.manager, message_id=answer, text="Да, сколько Вам?")
    await expect(shopper.find(".theirs .text").last).to_have_text("Да, сколько Вам?")
    await expect(shopper.find(".theirs .meta").last).to_contain_text("изменено")


async def test_nothing_is_kept_until_the_first_message(shopper: Shopper) -> None:
    await shopper.open()
    await shopper.find("textarea").fill("передумал")
    assert await shopper.stored() == []
    assert await db.fetchval("SELECT count(*) FROM raw_event") == 0
    await shopper.write("Здравствуйте")
    await expect(shopper.find(".mine .tick")).to_be_visible()
    assert await shopper.stored() == ["pult.1", "pult.1"]


async def test_a_reload_brings_everything_back_open(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    await shopper.site.answer(dialog, "Добрый день")
    await expect(shopper.find(".theirs .text").last).to_have_text("Добрый день")
    await shopper.visit("lang=ru")
    await expect(shopper.find(".mine .text")).to_have_text("Здравствуйте")
    await expect(shopper.find(".theirs .text").last).to_have_text("Добрый день")
    await shopper.site.answer(dialog, "Вы здесь?")
    await expect(shopper.find(".theirs .text").last).to_have_text("Вы здесь?")


async def test_a_lost_connection_comes_back_with_what_was_missed(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    await expect(shopper.find(".sub")).to_have_text("Вам отвечает Анна")
    await shopper.page.context.set_offline(True)
    await shopper.write("Написано без сети")
    for number in range(3):
        await shopper.site.answer(dialog, f"Пропущено {number}")
    await expect(shopper.find(".mine .clock")).to_be_visible()
    await expect(shopper.find(".lost")).to_be_visible()
    await shopper.page.context.set_offline(False)
    await expect(shopper.find(".theirs .text").last).to_have_text("Пропущено 2", timeout=20_000)
    await expect(shopper.find(".mine .text")).to_have_text(["Здравствуйте", "Написано без сети"])
    await expect(shopper.find(".mine .clock")).to_have_count(0, timeout=20_000)
    await expect(shopper.find(".lost")).to_be_hidden()
    assert await db.fetchval("SELECT count(*) FROM message WHERE direction = 'in'") == 2


async def test_an_unsent_message_survives_a_reload(shopper: Shopper) -> None:
    await shopper.begin()
    await shopper.page.route("**/messages", lambda route: route.abort())
    await shopper.write("Не потеряйся")
    await expect(shopper.find(".mine .clock")).to_be_visible()
    await shopper.page.unroute("**/messages")
    await shopper.visit()
    await expect(shopper.find(".mine .text").last).to_have_text("Не потеряйся")
    await expect(shopper.find(".mine .clock")).to_have_count(0)
    texts = [row["text"] for row in await db.fetch("SELECT text FROM message ORDER BY id")]
    assert texts == ["Здравствуйте", "Не потеряйся"]


async def test_a_lost_answer_of_the_server_makes_no_double(shopper: Shopper) -> None:
    await shopper.begin()
    lost = []

    async def lose(route: Any) -> None:
        lost.append(await route.fetch())
        await (route.abort() if len(lost) == 1 else route.continue_())

    await shopper.page.route("**/stream*", lambda route: route.abort())
    await shopper.page.route("**/messages", lose)
    await shopper.visit()
    await shopper.write("Один раз")
    await expect(shopper.find(".mine .text").last).to_have_text("Один раз")
    await eventually(lambda: _more_than(lost, 1))
    await expect(shopper.find(".mine .clock")).to_have_count(0)
    assert await db.fetchval("SELECT count(*) FROM message WHERE text = 'Один раз'") == 1
    await expect(shopper.find(".mine")).to_have_count(2)


async def _more_than(found: list[Any], count: int) -> bool:
    return len(found) > count


async def test_a_refused_message_can_be_dropped(shopper: Shopper) -> None:
    await shopper.begin()
    await shopper.page.route(
        "**/messages", lambda route: route.fulfill(status=422, json={"message": "Так нельзя"})
    )
    await shopper.write("Плохое")
    await expect(shopper.find(".fail")).to_contain_text("Так нельзя")
    await shopper.find(".fail button").last.click()
    await expect(shopper.find(".mine")).to_have_count(1)


ATTACKS = [
    "<img src=x onerror='window.hacked=1'>",
    "<script>window.hacked=1</script>",
    "javascript:window.hacked=1",
    '"><svg onload=window.hacked=1>',
    "https://a.example/\"onmouseover='window.hacked=1'",
]


async def test_all_text_stays_text(shopper: Shopper) -> None:
    dialog = await shopper.begin(ATTACKS[0])
    link = {"type": "text_link", "offset": 0, "length": 5, "url": "javascript:window.hacked=1"}
    for attack in ATTACKS[1:]:
        await shopper.write(attack)
        await shopper.site.answer(dialog, attack, Reply(entities=[link]))
        await expect(shopper.find(".theirs .text").last).to_have_text(attack)
    await expect(shopper.find(".mine .text")).to_have_text(ATTACKS)
    assert await shopper.page.evaluate("window.hacked") is None
    await expect(shopper.find(".text img, .text script, .text svg")).to_have_count(0)
    hrefs = await shopper.find("a").evaluate_all("links => links.map(a => a.protocol)")
    assert set(hrefs) <= {"https:"}


async def test_formatting_and_links(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    text = "Цена 5 000 ₽, подробнее (https://a.example/b_(c)). Секрет. Пишите: s@a.example!"
    entities = [
        {"type": "bold", "offset": 0, "length": 12},
        {"type": "italic", "offset": 5, "length": 7},
        {"type": "spoiler", "offset": text.index("Секрет"), "length": 6},
    ]
    await shopper.site.answer(dialog, text, Reply(entities=entities))
    last = shopper.find(".theirs .text").last
    await expect(last).to_have_text(text)
    await expect(last.locator("b")).to_have_text("Цена 5 000 ₽")
    await expect(last.locator("b i")).to_have_text("5 000 ₽")
    hrefs = await last.locator("a").evaluate_all("links => links.map(a => a.href)")
    assert hrefs == ["https://a.example/b_(c)", "mailto:s@a.example"]
    assert await last.locator("a").first.get_attribute("rel") == "noopener noreferrer nofollow"
    await last.locator(".spoiler").click()
    await expect(last.locator(".spoiler")).to_have_class(re.compile("shown"))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), (200, 30, 90)).save(out, "PNG")
    return out.getvalue()


async def test_files_both_ways(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    await shopper.find("input[type=file]").set_input_files(
        [
            FilePayload(name="роза.png", mimeType="image/png", buffer=picture()),
            FilePayload(name="счёт.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4"),
        ]
    )
    await expect(shopper.find(".chip")).to_have_count(2)
    await shopper.find("textarea").fill("Такие?")
    await shopper.find(".go").click()
    await expect(shopper.find(".mine .doc")).to_contain_text("счёт.pdf")
    await expect(shopper.find(".mine .text").last).to_have_text("Такие?")
    await expect(shopper.find(".mine .clock")).to_have_count(0)
    assert await db.fetchval("SELECT count(*) FROM attachment") == 2
    kept = await store().put_bytes(picture())
    file = FileIn(sha=kept.sha, kind=Kind.PHOTO, name="букет.png", mime="image/png", size=kept.size)
    await shopper.site.answer(dialog, "", Reply(files=[file]))
    image = shopper.find(".theirs .pic img")
    await expect(image).to_be_visible()
    assert await image.evaluate("img => img.decode().then(() => img.naturalWidth)") == 320
    await shopper.find(".theirs .pic").click()
    await expect(shopper.find(".light img")).to_be_visible()
    await shopper.page.keyboard.press("Escape")
    await expect(shopper.find(".light")).to_have_count(0)
    await expect(shopper.find(".panel")).to_be_visible()


async def test_dropping_and_pasting_files(shopper: Shopper) -> None:
    await shopper.open()
    data = await shopper.page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        " data.items.add(new File(['x'], 'план.txt', {type: 'text/plain'})); return data }"
    )
    panel = shopper.find(".panel")
    await panel.dispatch_event("dragover", {"dataTransfer": data})
    await expect(shopper.find(".over")).to_be_visible()
    await panel.dispatch_event("drop", {"dataTransfer": data})
    await expect(shopper.find(".over")).to_be_hidden()
    await expect(shopper.find(".chip")).to_have_text(["план.txt"])
    await shopper.find("textarea").evaluate(
        "(field, data) => field.dispatchEvent(new ClipboardEvent('paste',"
        " {clipboardData: data, cancelable: true}))",
        data,
    )
    await expect(shopper.find(".chip")).to_have_count(2)
    await shopper.find(".chip .cx").first.click()
    await expect(shopper.find(".chip")).to_have_count(1)


async def test_too_large_files_are_named(browser: Browser, opened: str) -> None:
    async with open_site(max_file_mb=1) as site, shopping(browser, site) as shopper:
        await shopper.visit()
        await shopper.open()
        film = bytes(1024 * 1024 + 1)
        big = FilePayload(name="фильм.mp4", mimeType="video/mp4", buffer=film)
        await shopper.find("input[type=file]").set_input_files([big])
        await expect(shopper.find(".problem")).to_have_text("Файл больше 1 МБ: фильм.mp4")
        await expect(shopper.find(".chip")).to_have_count(0)


async def test_the_closed_widget_announces_and_counts(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    await shopper.page.keyboard.press("Escape")
    await expect(shopper.find(".panel")).to_be_hidden()
    answer = await shopper.site.answer(dialog, "Мы нашли пионы")
    await expect(shopper.find(".teaser")).to_contain_text("Мы нашли пионы")
    await expect(shopper.find(".badge")).to_have_text("1")
    await eventually(lambda: status_is(answer, "delivered"))
    await shopper.find(".tz").click()
    await expect(shopper.find(".badge")).to_be_hidden()
    await eventually(lambda: status_is(answer, "read"))


async def test_the_manager_is_seen_typing(shopper: Shopper) -> None:
    dialog = await shopper.begin()
    await expect(shopper.find(".sub")).to_have_text("Вам отвечает Анна")
    await shopper.site.live.typing(await db.fetchval("SELECT chat FROM dialog"))
    await expect(shopper.find(".dots")).to_be_visible()
    await expect(shopper.find(".sub")).to_have_text("Анна печатает…")
    await shopper.site.answer(dialog, "Вот")
    await expect(shopper.find(".dots")).to_have_count(0)


async def test_keyboard_alone_is_enough(shopper: Shopper) -> None:
    await shopper.find(".launch").focus()
    await shopper.page.keyboard.press("Enter")
    await expect(shopper.find("textarea")).to_be_focused()
    await shopper.page.keyboard.type("Первая")
    await shopper.page.keyboard.press("Shift+Enter")
    await shopper.page.keyboard.type("вторая")
    await shopper.page.keyboard.press("Enter")
    await expect(shopper.find(".mine .text")).to_have_text("Первая\nвторая")
    await shopper.page.keyboard.press("Escape")
    await expect(shopper.find(".panel")).to_be_hidden()
    await expect(shopper.find(".launch")).to_be_focused()
    assert await shopper.find(".launch").get_attribute("aria-expanded") == "false"


async def test_assistive_technology_is_told(shopper: Shopper) -> None:
    await shopper.open()
    log = shopper.page.get_by_role("log", name="Переписка")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(shopper.page.get_by_role("dialog", name="Цветы рядом")).to_be_visible()
    for name in ("Отправить", "Прикрепить файл", "Звук новых сообщений"):
        await expect(shopper.page.get_by_role("button", name=name)).to_be_visible()


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
