"""sendMessage and its neighbours through a real aiogram bot: what is kept, what is refused."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramServerError
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from tests.sandbox.conftest import Shop


def buttons(data: str, text: str = "Take") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)]]
    )


async def test_get_me(shop: Shop) -> None:
    shop.account.has_topics_enabled = True
    me = await shop.bot.get_me()
    assert (me.id, me.username, me.is_bot, me.has_topics_enabled) == (
        shop.account.id,
        "shop_bot",
        True,
        True,
    )


async def test_text_is_on_the_screen(shop: Shop) -> None:
    sent = await shop.bot.send_message(shop.chat_id, "Hi <b>Anna</b>", parse_mode="HTML")
    assert sent.text == "Hi Anna"
    assert [(each.type, each.offset, each.length) for each in sent.entities or []] == [
        ("bold", 3, 4)
    ]
    last = shop.anna.screen()["messages"][-1]
    assert (last["text"], last["mine"], last["from"]["name"]) == ("Hi Anna", False, "Shop")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "message text is empty"),
        ("   ", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_text_rules(shop: Shop, text: str, message: str) -> None:
    with pytest.raises(TelegramBadRequest) as error:
        await shop.bot.send_message(shop.chat_id, text)
    assert error.value.message == f"Bad Request: {message}"


async def test_length_counts_after_parsing(shop: Shop) -> None:
    text = "<b>" + "a" * 4096 + "</b>"
    assert (
        len((await shop.bot.send_message(shop.chat_id, text, parse_mode="HTML")).text or "") == 4096
    )


async def test_strangers(shop: Shop) -> None:
    boris = shop.world.actor(shop.world.add_user("Boris"), shop.account)
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await shop.bot.send_message(boris.user.id, "x")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await shop.bot.send_message(42, "x")
    with pytest.raises(TelegramForbiddenError, match="bot can't send messages to bots"):
        await shop.bot.send_message(shop.other.id, "x")
    boris.start()
    await shop.bot.send_message(boris.user.id, "x")


async def test_one_bot_does_not_open_another_bots_chat(shop: Shop) -> None:
    with pytest.raises(TelegramForbiddenError, match="initiate"):
        await shop.other_bot.send_message(shop.chat_id, "x")


async def test_blocked_and_back(shop: Shop) -> None:
    shop.anna.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await shop.bot.send_message(shop.chat_id, "x")
    shop.anna.unblock()
    await shop.bot.send_message(shop.chat_id, "x")
    updates = await shop.bot.get_updates()
    seen = [each.my_chat_member for each in updates]
    assert [each.new_chat_member.status for each in seen if each] == ["kicked", "member"]


async def test_deactivated(shop: Shop) -> None:
    shop.anna.user.is_deactivated = True
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await shop.bot.send_message(shop.chat_id, "x")


async def test_replies(shop: Shop) -> None:
    question = shop.anna.text("one two three")
    where = ReplyParameters(message_id=question.id, quote="two")
    sent = await shop.bot.send_message(shop.chat_id, "yes", reply_parameters=where)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "one two three"
    assert sent.quote is not None
    assert (sent.quote.text, sent.quote.position) == ("two", 4)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await shop.bot.send_message(
            shop.chat_id, "x", reply_parameters=ReplyParameters(message_id=999)
        )
    lenient = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    sent = await shop.bot.send_message(shop.chat_id, "x", reply_parameters=lenient)
    assert sent.reply_to_message is None


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        (buttons("a" * 65), "BUTTON_DATA_INVALID"),
        (buttons("я" * 33), "BUTTON_DATA_INVALID"),
        (buttons("x", text=" "), "inline keyboard button text must be non-empty"),
        (
            InlineKeyboardMarkup(
                inline_keyboard=[[InlineKeyboardButton(text="a", url="http://localhost:80/")]]
            ),
            "inline keyboard button URL 'http://localhost:80/' is invalid: Wrong HTTP URL",
        ),
        (
            InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a")]]),
            "text buttons are unallowed in the inline keyboard",
        ),
        (
            InlineKeyboardMarkup(
                inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="a")] * 9]
            ),
            "reply markup is too long",
        ),
    ],
)
async def test_button_rules(shop: Shop, markup: InlineKeyboardMarkup, message: str) -> None:
    with pytest.raises(TelegramBadRequest) as error:
        await shop.bot.send_message(shop.chat_id, "x", reply_markup=markup)
    assert error.value.message == f"Bad Request: {message}"


async def test_64_bytes_of_data_fit(shop: Shop) -> None:
    await shop.bot.send_message(shop.chat_id, "x", reply_markup=buttons("я" * 32))


async def test_reply_keyboard_and_contact(shop: Shop) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text="My phone", request_contact=True)],
            [KeyboardButton(text="No")],
        ],
        one_time_keyboard=True,
    )
    await shop.bot.send_message(shop.chat_id, "Phone?", reply_markup=keyboard)
    with pytest.raises(LookupError, match="does not ask for a contact"):
        shop.anna.share_contact("No", "+79990000000")
    await shop.bot.send_message(shop.chat_id, "Phone?", reply_markup=keyboard)
    shop.anna.share_contact("My phone", "+79990000000")
    (update,) = await shop.bot.get_updates()
    assert update.message is not None
    assert update.message.contact is not None
    assert update.message.contact.user_id == shop.chat_id
    assert shop.anna.screen()["reply_keyboard"] is None


async def test_keyboard_stays_until_removed(shop: Shop) -> None:
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Menu")]])
    await shop.bot.send_message(shop.chat_id, "a", reply_markup=keyboard)
    await shop.bot.send_message(shop.chat_id, "b")
    assert shop.anna.tap("Menu").text == "Menu"
    await shop.bot.send_message(shop.chat_id, "c", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(LookupError):
        shop.anna.tap("Menu")
    await shop.bot.send_message(shop.chat_id, "d", reply_markup=ForceReply())
    assert shop.anna.screen()["reply_keyboard"]["force_reply"] is True


async def test_chat_action_and_draft_fade(shop: Shop) -> None:
    await shop.bot.send_chat_action(shop.chat_id, "typing")
    await shop.bot.send_message_draft(chat_id=shop.chat_id, draft_id=1, text="Well")
    screen = shop.anna.screen()
    assert screen["action"]["action"] == "typing"
    assert [each["text"] for each in screen["drafts"]] == ["Well"]
    shop.clock.advance(31)
    screen = shop.anna.screen()
    assert (screen["action"], screen["drafts"]) == (None, [])
    with pytest.raises(TelegramBadRequest, match="wrong parameter action in request"):
        await shop.bot.send_chat_action(shop.chat_id, "dancing")


async def test_places_and_contacts(shop: Shop) -> None:
    await shop.bot.send_location(shop.chat_id, 55.75, 37.61)
    venue = await shop.bot.send_venue(shop.chat_id, 55.75, 37.61, "Office", "Tverskaya 1")
    card = await shop.bot.send_contact(shop.chat_id, "+79990000000", "Ivan", last_name="Petrov")
    assert venue.venue is not None
    assert venue.venue.title == "Office"
    assert card.contact is not None
    assert card.contact.last_name == "Petrov"
    with pytest.raises(TelegramBadRequest, match="invalid location"):
        await shop.bot.send_location(shop.chat_id, 155, 37)


async def test_known_but_not_emulated_is_an_error(shop: Shop) -> None:
    with pytest.raises(TelegramServerError, match="not emulated: sendDice"):
        await shop.bot.send_dice(shop.chat_id)
    with pytest.raises(TelegramServerError, match="not emulated: sendMessage"):
        await shop.bot.send_message(shop.chat_id, "x", business_connection_id="b")
    for call in (shop.bot.log_out, shop.bot.close):
        with pytest.raises(TelegramServerError, match="not emulated"):
            await call()


async def test_copy_and_forward(shop: Shop) -> None:
    source = shop.anna.photo(caption="look")
    copied = await shop.bot.copy_message(shop.chat_id, shop.chat_id, source.id, caption="new")
    assert shop.anna.chat.messages[copied.message_id].text == "new"
    forwarded = await shop.bot.forward_message(shop.chat_id, shop.chat_id, source.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"
    assert forwarded.caption == "look"
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await shop.bot.copy_message(shop.chat_id, shop.chat_id, 999)
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await shop.bot.forward_message(shop.chat_id, shop.chat_id, 999)
    secret = await shop.bot.send_message(shop.chat_id, "x", protect_content=True)
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await shop.bot.copy_message(shop.chat_id, shop.chat_id, secret.message_id)
