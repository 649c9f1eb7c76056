"""Inline buttons: pressed by a person, answered by the bot."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.botapi.press import press_data
from tests.sandbox.conftest import Shop

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def ask(shop: Shop) -> None:
    rows = [
        [
            InlineKeyboardButton(text="Take", callback_data="take:1"),
            InlineKeyboardButton(text="Site", url="https://example.com"),
        ]
    ]
    await shop.bot.send_message(
        shop.chat_id, "Order?", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


async def query(shop: Shop) -> CallbackQuery:
    update = (await shop.bot.get_updates(offset=-1))[0]
    assert update.callback_query is not None
    return update.callback_query


async def test_press_and_answer(shop: Shop) -> None:
    await ask(shop)
    press = shop.anna.press("Take")
    assert not press.is_answered
    received = await query(shop)
    assert (received.data, received.from_user.id) == ("take:1", shop.chat_id)
    assert received.chat_instance
    await shop.bot.answer_callback_query(received.id, "Taken", show_alert=True)
    assert await press.answer() == {"text": "Taken", "show_alert": True}


async def test_press_by_data(shop: Shop) -> None:
    await ask(shop)
    shop.anna.press("take:1")
    assert (await query(shop)).data == "take:1"


async def test_only_visible_buttons_can_be_pressed(shop: Shop) -> None:
    with pytest.raises(LookupError):
        shop.anna.press("Take")
    await ask(shop)
    with pytest.raises(LookupError, match="calls nobody back"):
        shop.anna.press("Site")
    message = shop.anna.received()[0]
    await shop.bot.edit_message_reply_markup(chat_id=shop.chat_id, message_id=message.id)
    with pytest.raises(LookupError):
        shop.anna.press("Take")
    press_data(shop.anna, message, "forged")
    assert (await query(shop)).data == "forged"


async def test_answer_rules(shop: Shop) -> None:
    await ask(shop)
    shop.anna.press("Take")
    received = await query(shop)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await shop.bot.answer_callback_query(received.id, "a" * 201)
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await shop.other_bot.answer_callback_query(received.id)
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await shop.bot.answer_callback_query("nonsense")
    await shop.bot.answer_callback_query(received.id)
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await shop.bot.answer_callback_query(received.id)


async def test_too_late(shop: Shop) -> None:
    await ask(shop)
    shop.anna.press("Take")
    received = await query(shop)
    shop.clock.advance(151)
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await shop.bot.answer_callback_query(received.id)


async def test_unanswered_press_times_out(shop: Shop) -> None:
    await ask(shop)
    with pytest.raises(TimeoutError):
        await shop.anna.press("Take").answer(timeout=0.05)
