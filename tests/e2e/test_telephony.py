"""A call in the demo, by a newcomer's hands: pop, talk, record, over a real Asterisk."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.play import Play

pytestmark = pytest.mark.e2e

CLIENT, STRANGER = "Сергей Волков", "Незнакомый номер"


def desk(play: Play) -> Locator:
    return play.managers.locator(".dock")


def handset(play: Play) -> Locator:
    return play.clients.locator(".dock")


async def ring(play: Play, who: str) -> None:
    await handset(play).get_by_role("combobox").select_option(label=who)
    await handset(play).get_by_role("button", name="Позвонить").click()
    await expect(handset(play)).to_contain_text("Гудки")


async def test_a_known_client_rings_talks_and_the_recording_plays(calling: Play) -> None:
    """The manager sees who it is before answering, and hears the talk in the bot afterwards."""
    play = calling
    await play.take(play.managers, "Анна")
    await ring(play, CLIENT)
    await expect(desk(play)).to_contain_text("+7 916 123-45-10")
    card = play.managers.locator(".message", has_text=f"Звонит: 👤 {CLIENT}").last
    await expect(card).to_contain_text("Ведёт: Анна Смирнова")
    await play.picture("8-a-call-rings")
    await desk(play).get_by_role("button", name="Ответить").click()
    await expect(play.managers.get_by_text(f"Разговор: 👤 {CLIENT}")).to_be_visible()
    await expect(handset(play)).to_contain_text("Это Сергей Волков")
    await play.picture("9-they-talk")
    await handset(play).get_by_role("button", name="Завершить").click()
    await expect(desk(play)).to_contain_text("Разговор окончен")
    await play.press(play.managers, "Прослушать")
    voice = play.managers.locator(".message", has_text=f"🎧 {CLIENT}").locator(".voice")
    await expect(voice).to_be_visible()
    source = await voice.locator("audio").evaluate("player => player.src")
    sound = await (await play.page.request.get(source)).body()
    assert sound.startswith(b"OggS")
    await play.picture("10-the-recording")


async def test_an_unknown_caller_is_declined_and_rings_at_the_next_one(calling: Play) -> None:
    play = calling
    await ring(play, STRANGER)
    first = await at_whom(play)
    await expect(play.managers.locator(".inline-button", has_text="Новый клиент")).to_be_visible()
    await desk(play).get_by_role("button", name="Отклонить").click()
    await expect(desk(play)).to_contain_text("не дождались")
    second = await at_whom(play)
    await play.picture("11-the-next-one")
    await desk(play).get_by_role("button", name="Ответить").click()
    await expect(handset(play)).to_contain_text("Разговор")
    await desk(play).get_by_role("button", name="Завершить").click()
    await expect(handset(play)).to_contain_text("Разговор окончен")
    assert first != second


async def at_whom(play: Play) -> str:
    """Whose desk phone rings."""
    waiting = play.managers.locator(".dock-other, .dock.is-ringing").first
    await expect(waiting).to_be_visible()
    if await desk(play).get_by_role("button", name="Ответить").count():
        return str(await play.managers.locator(".person[aria-selected=true]").inner_text())
    await play.managers.locator(".dock-other").click()
    return str(await play.managers.locator(".person[aria-selected=true]").inner_text())
