"""One window: whatever comes through whichever channel waits in one list, and is taken there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from crm_core.accounts.queries import account
from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests import factories
from tests.bot.calls import scenes as calls
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels, reachable
from tests.bot.voices import VOICES, Voice, running
from tests.channels.leads import payloads


@pytest_asyncio.fixture(loop_scope="session")
async def stack(opened: str) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def rig(stack: AsyncExitStack) -> Rig:
    return await reachable(stack)


async def leads(rig: Rig, service: str, **payload: object) -> None:
    """What a site or a service sends to the address it was told."""
    channel_id = await factories.channel("leads", service, service=service)
    await running(rig, channel_id)
    found = await account(channel_id)
    assert found is not None
    url = f"{rig.public_url}/hooks/{found.id}/{found.hook_secret}"
    async with ClientSession() as http, http.post(url, **payload) as response:  # type: ignore[arg-type]
        assert response.status == 200


async def everything(rig: Rig, voices: dict[str, Voice]) -> None:
    """One item of each channel, one after another."""
    for name, voice in voices.items():
        await voice.says(f"Вопрос: {name}")
        await rig.settled()
    await leads(rig, "form", data={"name": "Фёдор", "phone": "+79120000001"})
    await leads(rig, "jivosite", json=payloads.jivosite(visitor={"name": "Жанна"}))
    line = await calls.incoming("101", number="+79120000002")
    await line.hang_up()
    await rig.settled()


async def pages(person: Person, home: Message) -> list[str]:
    """Rows of the whole queue."""
    found = [one for one in labels(home) if one[0].isdigit()]
    while "›" in labels(home):
        await press(person, "›", home)
        found += [one for one in labels(home) if one[0].isdigit()]
    return found


@pytest.mark.feature("REQ-01")
async def test_every_channel_is_in_one_queue(rig: Rig, stack: AsyncExitStack) -> None:
    """Messages, mails, SMS, forms, leads and calls, in the order they came, with one *Accept*."""
    voices = {name: await opens(rig, stack) for name, opens in VOICES.items()}
    anna = await rig.employee("Анна", presence="off")
    await everything(rig, voices)
    # Providers tell time to the second: the form is made older beyond doubt.
    await db.execute(
        "UPDATE request SET registered_at = now() - interval '1 hour' WHERE source = 'form'"
    )
    home = anna.received()[-1]
    await press(anna, "📥 Новые 9", home)
    assert "9 обращений ждут" in home.text
    rows = await pages(anna, home)
    assert rows[0].startswith("1. 🔴 📥 Фёдор"), "whoever waits longest is the first, of any kind"
    assert [one.partition(".")[0] for one in rows] == list("123456789")
    for words in (*CHANNELS, "📥 Жанна", "📥 +7 912 000-00-02"):
        assert sum(words in one for one in rows) == 1, rows
    await taken(anna, "Жанна", 8)
    await taken(anna, "Ромашки", 7)
    await rig.settled()
    who = await db.fetch(
        "SELECT c.kind FROM dialog d JOIN channel c ON c.id = d.channel_id WHERE d.state = 'open'"
        " UNION ALL SELECT r.source FROM request r WHERE r.state = 'accepted'"
    )
    assert [one["kind"] for one in who] == ["vk", "JivoSite"]


CHANNELS = ("Магазин", "Сайт", "Ромашки", "Viber", "Почта", "SMS")


async def taken(anna: Person, words: str, left: int) -> None:
    """Opened in the queue and accepted there; the way back leads to the queue."""
    asked = anna.text("/new")
    await anna.wait(lambda: anna.received()[-1].id > asked.id)
    shown = anna.received()[-1]
    if not any(words in one for one in labels(shown)):
        await press(anna, "›", shown)
    await press(anna, row(shown, words), shown)
    await press(anna, "✅ Принять", shown)
    await press(anna, "← Назад", shown)
    assert f"{left} обращений ждут" in shown.text
