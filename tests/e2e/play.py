"""The stage from the hands of a newcomer: phones, the shop, pictures of what one sees."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

MANAGERS = {"Анна", "Борис", "Вера"}


@dataclass
class Play:
    """A page with the stage."""

    page: Page
    pictures: Path

    async def begin(self) -> None:
        """The first scene, whatever was played before."""
        await expect(self.managers.locator(".bubble").first).to_be_visible()
        await self.start_over()

    @property
    def clients(self) -> Locator:
        return self.page.locator("#panel-clients")

    @property
    def managers(self) -> Locator:
        return self.page.locator("#panel-managers")

    @property
    def shop(self) -> FrameLocator:
        return self.page.frame_locator(".site-frame")

    def widget(self, css: str, *, has_text: str | None = None) -> Locator:
        return self.shop.locator(f"pult-chat {css}", has_text=has_text)

    async def take(self, side: Locator, name: str) -> None:
        """Take somebody's phone into the hand."""
        await side.locator(".people").get_by_role("tab", name=name).click()

    async def write(self, side: Locator, text: str) -> None:
        box = side.get_by_role("textbox")
        await box.fill(text)
        await box.press("Enter")
        await expect(box).to_have_value("")

    async def press(self, side: Locator, name: str) -> None:
        """The newest inline button with this label."""
        await side.locator(".inline-button", has_text=name).last.click()

    async def offered(self, text: str, *, but: str = "") -> str:
        """Find who (but one) has a card with these words to accept, and take their phone."""

        async def look() -> str:
            for name in MANAGERS - {but}:
                await self.take(self.managers, name)
                card = self.managers.locator(".message", has_text=text)
                if await card.locator(".inline-button", has_text="Принять").count():
                    return name
            return ""

        return await eventually(look, timeout=PATIENCE, what=f"a card with {text!r}")

    async def accept(self, text: str) -> None:
        """Accept on the phone in the hand, and see that it is done."""
        card = self.managers.locator(".message", has_text=text).last
        await card.locator(".inline-button", has_text="Принять").click()
        await expect(self.managers.locator(".topic-chip").nth(1)).to_be_visible()

    async def hand_over(self, name: str) -> str:
        """From a topic to a colleague, without a comment; who has it now."""
        await self.press(self.managers, "Передать")
        await self.press(self.managers, name)
        await self.press(self.managers, "Без комментария")
        await expect(self.managers.locator(".inline-button", has_text="Передать")).to_have_count(0)
        return name

    async def seen_by_client(self) -> list[str]:
        """What the shop has written to the client whose phone is shown, oldest first."""
        theirs = self.clients.locator(".message:not(.is-mine) .words")
        return [text.strip() for text in await theirs.all_inner_texts()]

    async def topic(self, name: str) -> None:
        """Go to a topic of the managers' phone."""
        chip = self.managers.locator(".topic-chip", has_text=name)
        await chip.click()
        await expect(chip).to_have_attribute("aria-selected", "true")

    async def picture(self, name: str) -> None:
        await self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    async def start_over(self, label: str = "Начать заново") -> None:
        """Press the button, agree, and wait until nothing of the former scene is left."""
        former = await self.managers.locator(".message").last.get_attribute("data-id")
        await self.page.get_by_role("button", name=label).first.click()
        question = self.page.get_by_role("alertdialog")
        await question.get_by_role("button", name=label).click()
        await expect(self.page.get_by_text("Демонстрация начата заново")).to_be_visible()
        await expect(self.managers.locator(f'.message[data-id="{former}"]')).to_have_count(0)
