"""The specification checks the sandbox, and is itself able to find a fault.

Where it is at hand, every test of this folder ends with the same check (see the `shop` fixture).
"""

from __future__ import annotations

import pytest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.botapi.images import plain_png
from tests.sandbox import schema
from tests.sandbox.conftest import Shop

pytestmark = pytest.mark.skipif(
    schema.specification() is None,
    reason=f"no Bot API specification at {schema.SPECIFICATION} (set PULT_TEST_SAMPLES)",
)


async def busy(shop: Shop) -> None:
    row = [InlineKeyboardButton(text="Go", callback_data="go")]
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    await shop.bot.send_message(shop.chat_id, "<b>x</b> #t", parse_mode="HTML", reply_markup=markup)
    await shop.bot.send_photo(shop.chat_id, BufferedInputFile(plain_png(9, 9), "a.png"))
    shop.anna.press("Go")
    shop.anna.block()
    await shop.bot.get_chat(shop.chat_id)
    await shop.bot.get_updates()


async def test_nothing_to_complain_about(shop: Shop) -> None:
    await busy(shop)
    assert len([call for call in shop.world.calls if call.outcome == "ok"]) == 4
    assert schema.problems(shop.world) == []


async def test_faults_would_be_found(shop: Shop) -> None:
    await busy(shop)
    sent = shop.world.calls.of("sendMessage")[0]
    original = dict(sent.result)
    del sent.result["date"]
    sent.result["colour"] = "red"
    update = shop.world.queues[shop.account.id].sent[-2]
    instance = update.body.pop("chat_instance")
    found = " ".join(schema.problems(shop.world))
    assert "date: required by Message" in found
    assert "colour: unknown field of Message" in found
    assert "chat_instance: required by CallbackQuery" in found
    sent.result = original
    update.body["chat_instance"] = instance
