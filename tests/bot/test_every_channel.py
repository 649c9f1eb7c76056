"""One script in every channel: a manager needs nothing but the bot, from hello to summary."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from crm_core.dialogs import quick
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels, reachable
from tests.bot.test_contents import last_with
from tests.bot.voices import VOICES, Voice
from tests.waiting import eventually

PRICES, PLAN = b"%PDF-1.4 prices", b"%PDF-1.4 plan"


@pytest_asyncio.fixture(loop_scope="session")
async def stack(opened: str) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def rig(stack: AsyncExitStack) -> Rig:
    return await reachable(stack)


async def hears(client: Voice, text: str) -> None:
    """The client has our words, once."""

    async def there() -> bool:
        return any(one.startswith(text) for one in await client.heard())

    await eventually(there, what=f"“{text}” at the client's")
    assert sum(text in one for one in await client.heard()) == 1


@pytest.mark.feature("DLG-06")
@pytest.mark.parametrize("channel", VOICES)
async def test_the_script_is_played_in_every_channel(
    rig: Rig, stack: AsyncExitStack, channel: str
) -> None:
    """First message, accept, answer, files, inner note, transfer, quick reply, summary."""
    client = await VOICES[channel](rig, stack)
    await quick.add(SYSTEM, title="Доставка", text="Везём за 2 часа", shared=True)
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис", presence="off")
    await client.says("Есть розы?")
    offer = await anna.wait_text("Есть розы?")
    await press(anna, "✅ Принять", offer)
    await rig.settled()
    card = led(anna)
    anna.text("Есть, по 180 рублей", reply_to=card)
    await hears(client, "Есть, по 180 рублей")
    await rig.settled()
    await press(anna, "✍️ Писать", led(anna))
    await files(rig, anna, client)
    anna.text("// просит скидку")
    await rig.settled()
    await hand_over(rig, anna)
    await boris.wait_text("постоянный клиент")
    await rig.settled()
    await by_quick_reply(rig, boris, client)
    await close(rig, boris)
    said = " ".join(await client.heard())
    assert not any(words in said for words in ("скидку", "постоянный", "Купил")), "inner words"


def led(person: Person) -> Message:
    """The card a dialog is led from."""
    return next(one for one in reversed(person.received()) if "⚡ Быстрый ответ" in labels(one))


async def files(rig: Rig, anna: Person, client: Voice) -> None:
    """A document each way; where a channel has none, its name arrives in words."""
    if not client.carries:
        anna.document(PRICES, "прайс.pdf", mime_type="application/pdf")
        await hears(client, "прайс.pdf")
        return
    await client.shows("план.pdf", PLAN)
    shown = await anna.wait(lambda: last_with(anna, "document"))
    assert isinstance(shown, Message)
    assert anna.file(shown) == PLAN
    anna.document(PRICES, "прайс.pdf", mime_type="application/pdf")

    async def there() -> bool:
        return PRICES in await client.files()

    await eventually(there, what="our file at the client's")
    await rig.settled()


async def hand_over(rig: Rig, anna: Person) -> None:
    card = led(anna)
    await press(anna, "➡️ Передать", card)
    await press(anna, row(card, "Борис"), card)
    await anna.wait_text("Напишите комментарий коллеге")
    anna.text("постоянный клиент")
    await rig.settled()


async def by_quick_reply(rig: Rig, boris: Person, client: Voice) -> None:
    card = led(boris)
    await press(boris, "⚡ Быстрый ответ", card)
    await press(boris, "Доставка", card)
    await hears(client, "Везём за 2 часа")
    await rig.settled()


async def close(rig: Rig, boris: Person) -> None:
    await press(boris, "✔️ Закрыть", led(boris))
    await boris.wait_text("Чем закончилось?")
    boris.text("Купил 11 роз")
    await rig.settled()
    dialog = await rig.dialog()
    assert (dialog["state"], dialog["summary"]) == ("closed", "Купил 11 роз")
    notes = await db.fetch(
        "SELECT text FROM message WHERE direction = 'note' AND dialog_id = $1 ORDER BY id",
        dialog["id"],
    )
    assert [one["text"] for one in notes][:2] == ["просит скидку", "постоянный клиент"]
