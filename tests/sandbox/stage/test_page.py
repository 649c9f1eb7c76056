"""The stage in a real browser: a newcomer plays client and manager."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.botapi.images import plain_png
from tests.sandbox.stage.conftest import Stage

pytestmark = pytest.mark.e2e

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'


def client(page: Page) -> Locator:
    return page.locator("#panel-clients")


def manager(page: Page) -> Locator:
    return page.locator("#panel-managers")


async def write(phone: Locator, text: str) -> None:
    box = phone.get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def start(page: Page) -> None:
    await client(page).get_by_role("button", name="Начать", exact=True).click()
    await expect(client(page).get_by_text("мы ответим за пару минут")).to_be_visible()


async def accept(page: Page, text: str = "Нужен букет") -> None:
    await start(page)
    await write(client(page), text)
    await manager(page).get_by_role("button", name="Принять").click()
    await expect(manager(page).locator(".toast")).to_have_text("Диалог ваш")


async def test_the_three_steps(page: Page) -> None:
    await accept(page)
    await expect(manager(page).get_by_text("Диалог принял(а) Ольга Ким")).to_be_visible()
    await expect(manager(page).get_by_role("button", name="Принять")).to_have_count(0)
    await manager(page).get_by_role("tab", name="Анна Смирнова").click()
    await write(manager(page), "Соберём к двум часам")
    await expect(client(page).get_by_text("Соберём к двум часам")).to_be_visible()
    await expect(page.locator(".steps .is-done")).to_have_count(3)
    await expect(page.locator(".line-text").first).to_have_text("Ольга Ким: ответ доставлен")


async def test_an_alert_waits_for_the_reader(page: Page) -> None:
    await start(page)
    await write(client(page), "Здравствуйте")
    await manager(page).get_by_role("button", name="Почему мне?").click()
    alert = manager(page).get_by_role("alertdialog")
    await expect(alert).to_contain_text("свободны дольше всех")
    await page.keyboard.press("Enter")
    await expect(alert).to_have_count(0)


async def test_what_people_write_stays_text(page: Page, stage: Stage) -> None:
    await start(page)
    await write(client(page), EVIL)
    await expect(client(page).locator(".words", has_text="onerror")).to_have_text(EVIL)
    await expect(manager(page).locator(".folding-text")).to_have_text(EVIL)
    stage.actor(stage.config.clients[0]).document(b"x", EVIL)
    await expect(client(page).locator(".file-name")).to_have_text(EVIL)
    stage.rehearsal.tell("📥", '"><b>', EVIL)
    await expect(page.locator(".line-text").first).to_have_text(EVIL)
    assert await page.evaluate("window.hacked") is None


async def test_a_press_by_keyboard(page: Page) -> None:
    await start(page)
    await write(client(page), "Здравствуйте")
    await manager(page).get_by_role("button", name="Принять").focus()
    await page.keyboard.press("Enter")
    await expect(manager(page).get_by_text("Диалог принял(а) Ольга Ким")).to_be_visible()


async def test_topics_count_what_was_not_read(page: Page) -> None:
    await accept(page)
    chip = manager(page).get_by_role("tab", name="Анна Смирнова")
    await write(client(page), "И открытку")
    await write(client(page), "С ромашками")
    await expect(chip.locator(".count")).to_have_text("2")
    await manager(page).get_by_role("button", name="Все темы").click()
    await manager(page).locator(".topic-row", has_text="С ромашками").click()
    await expect(manager(page).locator(".bubble", has_text="И открытку")).to_be_visible()
    await expect(chip.locator(".count")).to_have_count(0)


async def test_an_album_is_one_bubble(page: Page) -> None:
    await start(page)
    files = [
        {"name": f"{index}.png", "mimeType": "image/png", "buffer": plain_png(200 + index, 150)}
        for index in range(3)
    ]
    await client(page).locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]  # dicts with these keys are what it takes
    await write(client(page), "Три букета")
    album = client(page).locator(".bubble", has=page.locator(".album"))
    await expect(album.locator(".album-tile img")).to_have_count(3)
    await expect(album.locator(".words")).to_have_text("Три букета")
    await album.locator(".album-tile").first.click()
    await expect(client(page).locator(".lightbox img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(client(page).locator(".lightbox")).to_have_count(0)


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ("Голосовое (пример)", ".voice"),
        ("Геопозиция", ".place"),
        ("Мой контакт", ".contact"),
    ],
)
async def test_the_attach_menu(page: Page, item: str, shown: str) -> None:
    await start(page)
    await client(page).get_by_role("button", name="Прикрепить").click()
    await client(page).get_by_role("menuitem", name=item).click()
    await expect(client(page).locator(f".message.is-mine {shown}")).to_be_visible()


async def test_the_voice_sample_is_real_sound(page: Page) -> None:
    await start(page)
    await client(page).get_by_role("button", name="Голосовое (пример)").click()
    await client(page).get_by_role("button", name="Слушать").click()
    await expect(client(page).get_by_role("button", name="Пауза")).to_be_visible()
    await page.wait_for_function("() => document.querySelector('audio').currentTime > 0.1")
    assert 3.5 < await client(page).locator("audio").evaluate("node => node.duration") < 4.5


async def test_a_sample_bouquet_goes_as_photo(page: Page, stage: Stage) -> None:
    await start(page)
    await client(page).get_by_role("button", name="Прикрепить").click()
    await client(page).get_by_role("menuitem", name="Готовое фото букета").click()
    await expect(client(page).locator(".thumb")).to_be_visible()
    await client(page).get_by_role("button", name="Отправить", exact=True).click()
    await expect(client(page).locator(".message.is-mine .photo img")).to_be_visible()
    photo = stage.actor(stage.config.clients[0]).messages()[-1].content["photo"][-1]
    assert (photo["width"], photo["height"]) == (960, 720)


async def test_replying_and_editing(page: Page, stage: Stage) -> None:
    await start(page)
    await client(page).get_by_text("мы ответим за пару минут").click()
    await write(client(page), "Спасибо")
    mine = client(page).locator(".message.is-mine", has_text="Спасибо")
    await expect(mine.locator(".quoted")).to_contain_text("Цветочная лавка")
    await mine.hover()
    await mine.get_by_role("button", name="Действия с сообщением").click()
    await client(page).get_by_role("menuitem", name="Изменить").click()
    await expect(client(page).get_by_role("textbox")).to_have_value("Спасибо")
    await write(client(page), "Спасибо большое")
    await expect(client(page).locator(".message", has_text="Спасибо большое")).to_contain_text(
        "изм."
    )
    last = stage.actor(stage.config.clients[0]).messages()[-1]
    assert (last.text, last.edit_date is not None) == ("Спасибо большое", True)


async def test_the_reply_keyboard_shares_the_phone(page: Page, stage: Stage) -> None:
    await start(page)
    await client(page).get_by_role("button", name="Отправить мой телефон").click()
    await expect(client(page).locator(".contact")).to_contain_text("+7 916 200-11-22")
    card = stage.actor(stage.config.clients[0]).messages()[-1].content["contact"]
    assert card["user_id"] == stage.config.clients[0].user_id


async def test_a_blocked_bot_can_be_unblocked(page: Page, stage: Stage) -> None:
    await stage.act(stage.config.managers[0], "block")
    await manager(page).get_by_role("button", name="Разблокировать").click()
    await expect(manager(page).get_by_role("textbox")).to_be_visible()


async def test_a_button_that_has_gone_says_so(page: Page, stage: Stage) -> None:
    await page.route(
        "**/stage/act", lambda route: route.fulfill(status=409, json={"error": "gone"})
    )
    await manager(page).get_by_role("button", name="📥 Новые").click()
    await expect(manager(page).locator(".toast")).to_contain_text("уже нет на экране")
    await expect(manager(page).locator("[aria-busy]")).to_have_count(0)


async def test_starting_over(page: Page) -> None:
    await accept(page)
    await page.get_by_role("button", name="Начать заново").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Начать заново").click()
    await expect(client(page).get_by_role("button", name="Начать", exact=True)).to_be_visible()
    await expect(manager(page).get_by_role("tab", name="Анна Смирнова")).to_have_count(0)
    await expect(page.locator(".lines-empty")).to_be_visible()
    await expect(page.locator(".steps .is-done")).to_have_count(0)
    await accept(page)


async def test_a_lost_stream_comes_back(page: Page, stage: Stage) -> None:
    await start(page)
    await stage.app.on_shutdown.send(stage.app)
    await expect(page.locator(".offline")).to_be_visible()
    stage.actor(stage.config.clients[0]).text("Пока связи не было")
    await expect(client(page).get_by_text("Пока связи не было")).to_be_visible()
    await expect(page.locator(".offline")).to_be_hidden()


async def test_the_shop_has_the_widget(page: Page) -> None:
    shop = page.frame_locator(".site-frame")
    await expect(shop.get_by_text("Свежие букеты за два часа")).to_be_visible()
    await expect(shop.locator("body")).to_have_attribute("data-widget", "1")


async def test_english_and_dark(page: Page) -> None:
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Be the client and the manager at once"
    )
    await page.get_by_role("button", name="Dark theme").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.frame_locator(".site-frame").get_by_text("Fresh bouquets")).to_be_visible()


async def test_on_a_phone_one_part_at_a_time(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await start(page)
    await expect(manager(page)).to_be_hidden()
    await write(client(page), "Здравствуйте")
    tabs = page.get_by_role("navigation")
    await expect(tabs.get_by_role("button", name="Менеджер").locator(".count")).to_be_visible()
    await tabs.get_by_role("button", name="Менеджер").click()
    await expect(client(page)).to_be_hidden()
    await manager(page).get_by_role("button", name="Принять").click()
    await tabs.get_by_role("button", name="События").click()
    await expect(page.get_by_text("Ольга Ким принимает диалог")).to_be_visible()
    await tabs.get_by_role("button", name="Сайт").click()
    await expect(page.locator(".site-frame")).to_be_visible()


@pytest.mark.parametrize("width", [390, 768, 1024, 1440])
async def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


async def test_a_resized_phone_stays_at_the_last_words(page: Page, stage: Stage) -> None:
    await start(page)
    anna = stage.actor(stage.config.clients[0])
    for number in range(30):
        anna.text(f"Строка {number}")
    last = client(page).locator(".bubble", has_text="Строка 29")
    for width, height in ((1440, 900), (1024, 700), (390, 844), (1440, 900)):
        await page.set_viewport_size({"width": width, "height": height})
        await expect(last).to_be_in_viewport()
    await client(page).locator(".scroll").evaluate("node => { node.scrollTop = 0; }")
    await expect(last).not_to_be_in_viewport()


async def test_buttons_have_names(page: Page) -> None:
    await accept(page)
    script = """() => [...document.querySelectorAll('button, a, textarea, iframe')]
        .filter((each) => each.offsetParent && !each.textContent.trim()
            && !each.getAttribute('aria-label') && !each.title).map((each) => each.outerHTML)"""
    assert await page.evaluate(script) == []


async def test_two_pages_see_the_same(page: Page, stage: Stage, browser: Browser) -> None:
    context = await browser.new_context()
    other = await context.new_page()
    await other.goto(stage.url)
    await start(page)
    await expect(client(other).get_by_text("мы ответим за пару минут")).to_be_visible()
    await context.close()
