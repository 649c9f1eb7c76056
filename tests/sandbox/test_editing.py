"""Editing, deleting, pinning, reacting."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    Message,
    ReactionTypeEmoji,
)

from sandbox.botapi.images import plain_png
from tests.sandbox.conftest import Shop

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]]
)


async def test_edit_text_in_place(shop: Shop) -> None:
    sent = await shop.bot.send_message(shop.chat_id, "one", reply_markup=KEYBOARD)
    edited = await shop.bot.edit_message_text(
        "two", chat_id=shop.chat_id, message_id=sent.message_id
    )
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    (last,) = shop.anna.received()
    assert (last.text, last.markup) == ("two", None)


async def test_same_again_is_not_modified(shop: Shop) -> None:
    sent = await shop.bot.send_message(shop.chat_id, "one", reply_markup=KEYBOARD)
    place: dict[str, Any] = {"chat_id": shop.chat_id, "message_id": sent.message_id}
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message"):
        await shop.bot.edit_message_text("one", **place, reply_markup=KEYBOARD)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await shop.bot.edit_message_reply_markup(**place, reply_markup=KEYBOARD)
    await shop.bot.edit_message_reply_markup(**place)
    assert shop.anna.received()[0].markup is None


async def test_what_cannot_be_edited(shop: Shop) -> None:
    own = await shop.bot.send_photo(shop.chat_id, BufferedInputFile(plain_png(9, 9), "a.png"))
    hers = shop.anna.text("mine")
    cases = [
        (999, "message to edit not found"),
        (hers.id, "message can't be edited"),
        (own.message_id, "there is no text in the message to edit"),
    ]
    for message_id, message in cases:
        with pytest.raises(TelegramBadRequest, match=message):
            await shop.bot.edit_message_text("x", chat_id=shop.chat_id, message_id=message_id)
    text = await shop.bot.send_message(shop.chat_id, "t")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await shop.bot.edit_message_caption(
            chat_id=shop.chat_id, message_id=text.message_id, caption="x"
        )


async def test_caption_and_media(shop: Shop) -> None:
    png = BufferedInputFile(plain_png(9, 9), "a.png")
    sent = await shop.bot.send_photo(shop.chat_id, png, caption="one")
    place: dict[str, Any] = {"chat_id": shop.chat_id, "message_id": sent.message_id}
    await shop.bot.edit_message_caption(**place, caption="two")
    assert shop.anna.received()[0].text == "two"
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await shop.bot.edit_message_caption(**place, caption="a" * 1025)
    media = InputMediaDocument(media=BufferedInputFile(b"%PDF", "a.pdf"), caption="three")
    await shop.bot.edit_message_media(media, **place)
    seen = shop.anna.screen()["messages"][-1]
    assert (seen["media"]["kind"], seen["media"]["name"], seen["caption"]) == (
        "document",
        "a.pdf",
        "three",
    )


async def test_user_edits(shop: Shop) -> None:
    hers = shop.anna.text("helo")
    shop.anna.edit(hers, "hello #tag")
    _, update = await shop.bot.get_updates()
    assert update.edited_message is not None
    assert update.edited_message.text == "hello #tag"
    assert update.edited_message.entities is not None


async def test_delete(shop: Shop) -> None:
    sent = await shop.bot.send_message(shop.chat_id, "x")
    hers = shop.anna.text("y")
    await shop.bot.delete_message(shop.chat_id, sent.message_id)
    await shop.bot.delete_message(shop.chat_id, hers.id)
    assert [each.text for each in shop.anna.messages()] == ["/start"]
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await shop.bot.delete_message(shop.chat_id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await shop.bot.edit_message_text("z", chat_id=shop.chat_id, message_id=sent.message_id)


async def test_delete_is_too_late_after_two_days(shop: Shop) -> None:
    sent = await shop.bot.send_message(shop.chat_id, "x")
    shop.clock.advance(48 * 3600 + 1)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await shop.bot.delete_message(shop.chat_id, sent.message_id)


async def test_delete_many_skips_the_absent(shop: Shop) -> None:
    ids = [(await shop.bot.send_message(shop.chat_id, str(n))).message_id for n in range(3)]
    await shop.bot.delete_messages(shop.chat_id, [*ids[:2], 999])
    assert [each.text for each in shop.anna.received()] == ["2"]
    with pytest.raises(TelegramBadRequest, match="too many message identifiers"):
        await shop.bot.delete_messages(shop.chat_id, list(range(1, 102)))


async def test_pins(shop: Shop) -> None:
    one = await shop.bot.send_message(shop.chat_id, "one")
    await shop.bot.pin_chat_message(shop.chat_id, one.message_id)
    chat = await shop.bot.get_chat(shop.chat_id)
    assert chat.pinned_message is not None
    assert chat.pinned_message.message_id == one.message_id
    (update,) = await shop.bot.get_updates()
    assert update.message is not None
    assert isinstance(update.message.pinned_message, Message)
    await shop.bot.unpin_chat_message(shop.chat_id)
    assert shop.anna.screen()["pinned"] == []
    with pytest.raises(TelegramBadRequest, match="message to pin not found"):
        await shop.bot.pin_chat_message(shop.chat_id, 999)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await shop.bot.unpin_chat_message(shop.chat_id)
    await shop.bot.pin_chat_message(shop.chat_id, one.message_id)
    await shop.bot.unpin_all_chat_messages(shop.chat_id)
    assert shop.anna.screen()["pinned"] == []


async def test_reactions_both_ways(shop: Shop) -> None:
    hers = shop.anna.text("thanks")
    await shop.bot.set_message_reaction(shop.chat_id, hers.id, [ReactionTypeEmoji(emoji="👍")])
    assert shop.anna.screen()["messages"][-1]["reactions"] == [{"type": "emoji", "emoji": "👍"}]
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await shop.bot.set_message_reaction(shop.chat_id, hers.id, [ReactionTypeEmoji(emoji="🚗")])
    shop.anna.react(hers, "🔥")
    assert [each.message_reaction for each in await shop.bot.get_updates()] == [None]
    await shop.bot.get_updates(offset=-1, allowed_updates=["message_reaction"])
    shop.anna.react(hers)
    update = (await shop.bot.get_updates())[-1]
    assert update.message_reaction is not None
    assert update.message_reaction.new_reaction == []
