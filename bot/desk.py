"""Whoever is at work in one update: who acts, where, and the ways to answer them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Text

from bot import screen as screens
from bot.screen import Place, Screen
from channels.telegram.api import Api
from crm_core.kernel import commands
from crm_core.kernel.actors import Actor

LONGEST_TOAST = 190
FORM = "form"


@dataclass(slots=True, kw_only=True)
class Desk:
    """One update's actor, place and tools; handlers get it by the name `desk`.

    `raw` is the update as Telegram sent it.
    `pressed`: a button of `message` was pressed. `redraw` shows that message as things stand
    now: a slice sets it, refusals use it.
    """

    bot: Bot
    api: Api
    actor: Actor
    update_id: int
    chat_id: int
    state: FSMContext
    raw: dict[str, Any]
    message: Message | None = None
    query: CallbackQuery | None = None
    pressed: bool = False
    redraw: Callable[[], Awaitable[None]] | None = None
    turn: int = 0
    answered: bool = False

    async def run(self, command: str, **arguments: Any) -> Any:
        """Run a command as this employee; an update that comes again changes nothing twice."""
        self.turn += 1
        key = f"tg:{self.update_id}:{self.turn}:{command}"
        return await commands.run(self.actor, command, arguments, key=key)

    @property
    def thread_id(self) -> int | None:
        """The topic this happens in."""
        message = self.message
        return message.message_thread_id if message and message.is_topic_message else None

    @property
    def here(self) -> Place:
        return Place(chat_id=self.chat_id, thread_id=self.thread_id)

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press; once, later ones are left out. Without a press it is a message."""
        query, self.query = self.query, None
        if query is None:
            if text:
                await self.say(text)
            return
        with suppress(TelegramAPIError):  # too old, answered before a restart: nothing to save
            await query.answer(screens.shorten(text, LONGEST_TOAST) or None, show_alert=alert)

    async def show(self, screen: Screen) -> int:
        """Edit the message of the pressed button, or send a new one; its message id."""
        shown = self.message if self.pressed else None
        if shown and await screens.edit(self.bot, self.chat_id, shown.message_id, screen):
            return shown.message_id
        return (await self.send(screen)).message_id

    async def send(self, screen: Screen, *, reply: bool = False) -> Message:
        """A new message in this place; `reply` ties it to what the person wrote."""
        place = self.here
        if reply and self.message is not None:
            place = Place(
                chat_id=place.chat_id,
                thread_id=place.thread_id,
                reply_to=self.message.message_id,
            )
        return await screens.send(self.bot, place, screen)

    async def say(self, text: str) -> None:
        """One plain line, as a reply to what the person wrote."""
        await self.send(Screen(Text(text)), reply=not self.pressed)

    async def remove(self, message_id: int) -> None:
        """Take a message of ours away where Telegram still lets us."""
        with suppress(TelegramAPIError):
            await self.bot.delete_message(self.chat_id, message_id)

    async def ask(self, form: str, prompt: Screen, **data: Any) -> None:
        """Wait for the next message here: the handler of `forms.form(form)` gets it.

        `data` comes back as `await desk.answers()`. The prompt should carry `forms.cancel()`.
        """
        sent = await self.send(prompt)
        await self.state.set_state(f"{FORM}:{form}")
        await self.state.set_data(data | {"prompt": sent.message_id})
        self.answered = False

    async def answers(self) -> dict[str, Any]:
        """What `ask` was given; its buttons go, and the form is over when the update is handled.

        Not before: an update handled again after a crash must find the form it answers.
        """
        data = await self.state.get_data()
        self.answered = True
        prompt = data.pop("prompt", None)
        if prompt is not None:
            with suppress(TelegramAPIError):
                await self.bot.edit_message_reply_markup(chat_id=self.chat_id, message_id=prompt)
        return data

    async def end_form(self) -> None:
        """Forget the form that was answered, unless the handler has asked something new."""
        if self.answered:
            await self.state.clear()
