"""Forms of websites: in every packing, once, and neither floods nor robots."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from crm_core.kernel import clock, db
from tests.channels.leads.conftest import Hub, requests

OLEG = {"name": "Олег", "phone": "8 912 345-67-89", "message": "Нужны розы", "utm_source": "ya"}
PAGE = {"Accept": "text/html"}


async def test_urlencoded_multipart_and_json(hub: Hub) -> None:
    url = await hub.source("form", "Сайт")
    parts = FormData(OLEG | {"n": "2"}, default_to_multipart=True)
    for given in ({"data": OLEG}, {"data": parts}, {"json": OLEG | {"n": 3}}):
        assert (await hub.post(url, **given))[0] == 200
    found = await requests()
    assert len(found) == 3
    for one in found:
        assert one["source"] == "Сайт"
        assert one["text"] == "Нужны розы"
        assert orjson.loads(one["campaign"]) == {"utm_source": "ya"}
        assert orjson.loads(one["person"]) == {"name": "Олег", "phone": "+79123456789"}


async def test_a_second_press_is_not_a_second_application(hub: Hub) -> None:
    url = await hub.source("form")
    with clock.frozen(clock.now().replace(minute=1)):
        for _ in range(2):
            await hub.post(url, data=OLEG)
        assert len(await requests()) == 1
        clock.advance(timedelta(minutes=11))
        await hub.post(url, data=OLEG)
        assert len(await requests()) == 2, "later it is meant anew"
    for text in ("раз", "раз, два"):
        headers = {"Idempotency-Key": "k1"}
        await hub.post(url, data=OLEG | {"message": text}, headers=headers)
    assert len(await requests()) == 3


async def test_robots_and_the_unreachable(hub: Hub) -> None:
    url = await hub.source("form")
    assert (await hub.post(url, data=OLEG | {"website": "http://spam.example"}))[0] == 200
    status, told = await hub.post(url, data={"name": "Олег", "phone": "позвоните"})
    assert status == 422
    assert orjson.loads(told)["message"].startswith("Оставьте телефон")
    assert (await hub.post(url, data=b""))[0] == 422
    assert await db.fetchval("SELECT count(*) FROM raw_event") == 0


async def test_a_form_without_scripts_gets_a_page(hub: Hub) -> None:
    url = await hub.source("form", "один")
    status, told = await hub.post(url, data=OLEG, headers=PAGE)
    assert (status, "Спасибо" in told) == (200, True)
    other = await hub.source("form", "другой", thanks_url="https://shop.example/thanks")
    async with hub.http.post(other, data=OLEG, headers=PAGE, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == "https://shop.example/thanks"


async def test_only_the_sites_on_the_list(hub: Hub) -> None:
    url = await hub.source("form", origins=["https://shop.example"])
    for origin, status in (
        ("https://shop.example", 200),
        ("https://evil.example", 403),
        ("null", 403),
    ):
        headers = {"Origin": origin}
        assert (await hub.post(url, data=OLEG | {"o": origin}, headers=headers))[0] == status
    asks = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    async with hub.http.options(url, headers=asks) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert len(await requests()) == 1


async def shop(script: str) -> web.Application:
    """A static page of somebody's own site."""
    html = f"""<!doctype html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
    <h1>Розы</h1><script src="{script}"></script></html>"""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{tail:.*}", page)
    return app


async def send(page: Any, **said: str) -> None:
    for label, text in said.items():
        await page.get_by_label(label).fill(text)
    await page.get_by_role("button", name="Отправить").click()


@pytest.mark.feature("REQ-14")
async def test_submitted_from_a_static_page_with_its_marks_and_flood_is_limited(
    hub: Hub, browser: Browser
) -> None:
    url = await hub.source("form", "Сайт «Ромашки»", heading="Перезвоним", per_minute=2)
    async with TestServer(await shop(url)) as server:
        site = str(server.make_url("/roses?utm_source=yandex&utm_campaign=vesna"))
        context = await browser.new_context(locale="ru-RU")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(site)
        await expect(page.get_by_text("Перезвоним")).to_be_visible()
        await send(page, Имя="Олег", Телефон="позже")
        await expect(page.get_by_role("status")).to_contain_text("Оставьте телефон")
        await send(page, Имя="Олег", Телефон="8 912 345-67-89", Сообщение="Нужны розы")
        await expect(page.get_by_role("status")).to_contain_text("Спасибо")
        (found,) = await requests()
        assert found["source"] == "Сайт «Ромашки»"
        assert found["text"] == "Нужны розы"
        assert found["page"] == site
        campaign = orjson.loads(found["campaign"])
        assert campaign == {"utm_source": "yandex", "utm_campaign": "vesna"}
        await page.goto(str(server.make_url("/peonies")))
        await send(page, Имя="Ольга", Телефон="8 912 345-67-80")
        await expect(page.get_by_role("status")).to_contain_text("Слишком много заявок")
        assert len(await requests()) == 1
        assert faults == []
        await context.close()
    async with hub.http.post(url, data=OLEG) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0
