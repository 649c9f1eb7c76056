"""A shopper in a real browser, in a page that carries the widget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from crm_core.kernel import db
from tests.channels.webchat.site import Site

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
