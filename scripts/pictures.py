"""Takes the pictures of the README from a running demo: `python scripts/pictures.py URL`."""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


async def main(url: str) -> None:
    """Play the first scene and keep what one sees on the way."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(QUIET)
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 1000})
        await page.goto(url)
        await play(page)
        await browser.close()


async def play(page: Page) -> None:
    managers, clients = page.locator("#panel-managers"), page.locator("#panel-clients")
    accept = managers.locator(".inline-button", has_text="Принять")
    await accept.first.wait_for()
    await keep(await managers.screenshot(), "card", 360)
    await accept.first.click()
    await managers.locator(".topic-chip").nth(1).click()
    box = managers.get_by_role("textbox")
    for words in (
        "Здравствуйте, Мария! 25 роз — 4 700 ₽, доставка завтра к 10:00 бесплатно.",
        "// постоянный клиент, можно скидку 5 %",
    ):
        await box.fill(words)
        await box.press("Enter")
    await clients.locator(".message", has_text="4 700").wait_for()
    mine = clients.get_by_role("textbox")
    await mine.fill("Отлично, беру! Можно белые?")
    await mine.press("Enter")
    await managers.locator(".message", has_text="Можно белые").wait_for()
    await chat(page)
    await page.wait_for_timeout(1500)
    await keep(await managers.screenshot(), "dialog", 360)
    await keep(await page.screenshot(), "stage", 1280)


async def chat(page: Page) -> None:
    """A visitor writes in the shop's chat."""
    site = page.frame_locator(".site-frame")
    await site.locator("pult-chat button").last.click()
    box = site.locator("pult-chat textarea")
    await box.fill("Добрый день! Доставляете в воскресенье?")
    await box.press("Enter")
    await page.wait_for_timeout(1500)
    frame = page.locator(".site-frame")
    await keep(await frame.screenshot(), "widget", 420)


async def keep(shot: bytes, name: str, width: int) -> None:
    """A small picture: the page is for reading, not for measuring."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    height = round(image.height * width / image.width)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    small.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
