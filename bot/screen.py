"""A screen: formatted text and buttons; sent anew or edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from aiogram.utils.formatting import Text

Button = InlineKeyboardButton
Rows = Sequence[Sequence[Button]]

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST_LABEL = 40
UNCHANGED = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "no text in the message", "id_inv")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: `body` with its formatting, and rows of buttons under it."""

    body: Text
    rows: Rows = ()

    def fields(self) -> dict[str, Any]:
        """`text`, `entities`, `reply_markup`, … of sendMessage and editMessageText."""
        text, entities = self.body.render()
        return {
            "text": text,
            "entities": entities,
            "reply_markup": self.keyboard(),
            "link_preview_options": NO_PREVIEW,
        }

    def keyboard(self) -> InlineKeyboardMarkup | None:
        rows = [list(row) for row in self.rows if row]
        return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def button(text: str, press: CallbackData) -> Button:
    """A button that calls back with `press`; long labels are shortened."""
    return InlineKeyboardButton(text=shorten(text, LONGEST_LABEL), callback_data=press.pack())


def shorten(text: str, most: int) -> str:
    """One line of at most `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def lines(*parts: Any) -> Text:
    """One line each; None and empty strings leave no line."""
    kept = [part for part in parts if part is not None and part != ""]
    body = [piece for part in kept for piece in ("\n", part)]
    return Text(*body[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a screen goes: a chat, perhaps a topic of it, perhaps as a reply."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


async def send(bot: Bot, place: Place, screen: Screen, *, silent: bool = False) -> Message:
    """Send a screen as a new message."""
    reply = place.reply_to and ReplyParameters(
        message_id=place.reply_to, allow_sending_without_reply=True
    )
    return await bot.send_message(
        place.chat_id,
        message_thread_id=place.thread_id,
        reply_parameters=reply or None,
        disable_notification=silent or None,
        **screen.fields(),
    )


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Show the screen in a message that is there; False when it can't be edited (any more)."""
    try:
        await bot.edit_message_text(chat_id=chat_id, message_id=message_id, **screen.fields())
    except TelegramBadRequest as error:
        refusal = error.message.lower()
        if UNCHANGED in refusal:
            return True
        if any(words in refusal for words in GONE):
            return False
        raise
    return True
