"""The change feed and the snapshots the stage is drawn from."""

from __future__ import annotations

import json

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.sandbox.conftest import Shop


async def test_changes_come_in_order(shop: Shop) -> None:
    changes = shop.world.subscribe()
    sent = await shop.bot.send_message(shop.chat_id, "one")
    await shop.bot.edit_message_text("two", chat_id=shop.chat_id, message_id=sent.message_id)
    await shop.bot.send_chat_action(shop.chat_id, "typing")
    await shop.bot.delete_message(shop.chat_id, sent.message_id)
    changes.close()
    seen = [change async for change in changes]
    assert [each["kind"] for each in seen] == [
        "message_added",
        "message_edited",
        "chat_action",
        "message_deleted",
    ]
    assert {(each["chat_id"], each["bot_id"]) for each in seen} == {(shop.chat_id, shop.account.id)}
    assert seen[0]["message_id"] == sent.message_id


async def test_callback_changes(shop: Shop) -> None:
    row = [InlineKeyboardButton(text="Go", callback_data="go")]
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    await shop.bot.send_message(shop.chat_id, "?", reply_markup=markup)
    async with shop.world.subscribe() as changes:
        shop.anna.press("Go")
        (update,) = await shop.bot.get_updates()
        assert update.callback_query is not None
        await shop.bot.answer_callback_query(update.callback_query.id, "fine")
    seen = [change async for change in changes]
    assert [each["kind"] for each in seen] == ["callback_pressed", "callback_answered"]
    assert seen[1]["answer"] == {"text": "fine"}


async def test_after_closing_nothing_comes(shop: Shop) -> None:
    changes = shop.world.subscribe()
    changes.close()
    shop.anna.text("x")
    assert [change async for change in changes] == []


async def test_screen_is_plain_json(shop: Shop) -> None:
    shop.anna.photo(caption="look")
    shop.anna.contact("+7999", "Ivan")
    shop.anna.venue(55.7, 37.6, title="Office", address="Tverskaya 1")
    row = [InlineKeyboardButton(text="Go", callback_data="go")]
    await shop.bot.send_message(
        shop.chat_id, "x #t", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row])
    )
    screen = shop.world.screen(shop.chat_id, shop.account.id)
    assert json.loads(json.dumps(screen)) == screen
    *_, photo, contact, venue, text = screen["messages"]
    assert (photo["media"]["kind"], photo["media"]["width"], photo["mine"]) == ("photo", 1280, True)
    assert shop.world.files.get(photo["media"]["file"]).data.startswith(b"\x89PNG")
    assert contact["contact"]["phone_number"] == "+7999"
    assert venue["venue"]["title"] == "Office"
    assert text["keyboard"] == [[{"text": "Go", "callback_data": "go"}]]
    assert text["entities"] == [{"type": "hashtag", "offset": 2, "length": 2}]
