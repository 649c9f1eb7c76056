"""The widget in a real browser, in a shop's page: what a visitor says and sees."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from crm_core.dialogs.messages import Kind
from crm_core.dialogs.replies import FileIn, Reply, edit
from crm_core.files.store import store
from crm_core.kernel import db
from tests.channels.webchat.shopper import (
    Shopper,
    browser,
    shopper,
    shopping,
    status_is,
)
from tests.channels.webchat.site import open_site
from tests.waiting import eventually

__all__ = ["browser", "shopper"]

pytestmark = pytest.mark.e2e


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
