"""Another value of a mailbox's setting: asked, tried where servers have a say, then kept."""

from __future__ import annotations

from typing import Any

from aiogram.enums import ChatAction
from aiogram.types import CallbackQuery, Message

from bot import secret
from bot.desk import Desk
from bot.mailboxes import servers, trying, views
from bot.mailboxes.presses import Field, FieldPress
from crm_core.accounts import mailboxes
from crm_core.kernel.i18n import gettext as _

FORM = "mailbox.field"
# Settings that can be wrong only in the eyes of the server.
TRIED = frozenset({"password", "servers", "folders"})
DASHES = frozenset({"-", "–", "—"})


async def ask(_query: CallbackQuery, callback_data: FieldPress, desk: Desk) -> None:
    one = await mailboxes.mailbox(desk.actor, callback_data.id)
    screen = views.question(str(one.config.get("address")), callback_data.field)
    await desk.ask(FORM, screen, field=callback_data.field, id=callback_data.id)


async def changed(message: Message, desk: Desk) -> None:
    """The answer; what servers do not take is asked once more, with the cause."""
    asked = await desk.state.get_data()
    field, number = asked["field"], asked["id"]
    text = (message.text or "").strip()
    if field == "password":
        text = await secret.taken(desk, message)
    row = await mailboxes.mine(desk.actor, number)
    change = _change(field, text)
    config = trying.complete(row.config | change)
    if field in TRIED:
        await desk.bot.send_chat_action(desk.chat_id, ChatAction.TYPING)
        report = await trying.tried(config)
        if not report.ok:
            again = views.question(str(config["address"]), field, trouble=_(report.line))
            return await desk.ask(FORM, again, field=field, id=number)
    await desk.answers()
    kept = {name: config.get(name) for name in change}
    await desk.run("mailbox.configure", channel_id=number, config=kept)
    found = await mailboxes.mailbox(desk.actor, number)
    await desk.send(views.mailbox(found, desk.actor))
    return None


def _change(field: Field, text: str) -> dict[str, Any]:
    """What people wrote, as settings; Invalid."""
    if field == "servers":
        return servers.of_lines(text)
    if field == "since":
        return {"since": servers.day_of(text).isoformat()}
    if field == "folders":
        return {"folders": [one.strip() for one in text.split(",") if one.strip()]}
    return {field: "" if text in DASHES else text}
