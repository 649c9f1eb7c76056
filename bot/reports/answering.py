"""The answer: a picture with its table and buttons, turned in place; files on wish."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, CallbackQuery, InputMediaPhoto

from bot.desk import Desk
from bot.reports import views
from bot.reports.asking import Asked, answer, asked
from bot.reports.presses import ReportPress
from bot.screen import GONE, UNCHANGED, Screen
from crm_core.reports import texts
from crm_core.reports.files.making import made

KEPT = ("message can't be edited", *GONE)


def zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.actor.timezone)


async def show(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    """A new message: the list and the question stay where they are."""
    await send(desk, await asked(desk.actor, callback_data))


async def turn(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    """Another period in the same message."""
    question = await asked(desk.actor, callback_data)
    photo, screen = await _answered(desk, question)
    if desk.message is None or not await _turned(desk, photo, screen):
        await _sent(desk, photo, screen)


async def send(desk: Desk, question: Asked) -> None:
    photo, screen = await _answered(desk, question)
    await _sent(desk, photo, screen)


async def _answered(desk: Desk, question: Asked) -> tuple[BufferedInputFile, Screen]:
    """Counted before anything is said: a refusal must still reach the press."""
    table = await answer(desk.actor, question)
    await desk.toast()
    await desk.bot.send_chat_action(desk.chat_id, ChatAction.UPLOAD_PHOTO)
    photo = BufferedInputFile(await made(table, "png"), texts.file_name(table, "png"))
    return photo, views.caption(question, table)


async def _sent(desk: Desk, photo: BufferedInputFile, screen: Screen) -> None:
    text, entities = screen.body.render()
    await desk.bot.send_photo(
        desk.chat_id,
        photo,
        caption=text,
        caption_entities=entities,
        reply_markup=screen.keyboard(),
        message_thread_id=desk.thread_id,
    )


async def _turned(desk: Desk, photo: BufferedInputFile, screen: Screen) -> bool:
    """False when the message can't be changed any more."""
    assert desk.message is not None  # noqa: S101 - the caller looked
    text, entities = screen.body.render()
    try:
        await desk.bot.edit_message_media(
            InputMediaPhoto(media=photo, caption=text, caption_entities=entities),
            chat_id=desk.chat_id,
            message_id=desk.message.message_id,
            reply_markup=screen.keyboard(),
        )
    except TelegramBadRequest as error:
        refusal = error.message.lower()
        if any(words in refusal for words in KEPT):
            return False
        if UNCHANGED not in refusal:
            raise
    return True


async def file(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    """The whole report as XLSX, CSV or PDF."""
    question = await asked(desk.actor, callback_data)
    table = await answer(desk.actor, question)
    await desk.toast()
    await desk.bot.send_chat_action(desk.chat_id, ChatAction.UPLOAD_DOCUMENT)
    content = await made(table, callback_data.do)
    await desk.bot.send_document(
        desk.chat_id,
        BufferedInputFile(content, texts.file_name(table, callback_data.do)),
        caption=f"📊 {texts.title(table.report, table.cut)} · {texts.bounds(table)}"[:1000],
        message_thread_id=desk.thread_id,
    )
