"""What an answer will cost or run into, said before it leaves (SMS) or before it bites (limits)."""

from __future__ import annotations

from typing import Any

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Text

from bot.desk import Desk
from bot.dialogs.presses import ForeseenPress
from bot.screen import Screen, button, lines
from bot.times import moment
from crm_core.dialogs.foresight import Foresight, foresee
from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

FEW = 10


async def must_ask(desk: Desk, dialog_id: int, seen: Foresight) -> bool:
    """Ask whether a text of several paid parts shall leave; True when it was asked."""
    count = seen.count
    if count is None or count.parts < 2:
        return False
    parts = ngettext("%(count)s SMS", "%(count)s SMS", count.parts) % {"count": count.parts}
    alphabet = _("Latin letters: 160 in one SMS, 153 in each of several.")
    if not count.gsm:
        alphabet = _("With Cyrillic or emoji: 70 in one SMS, 67 in each of several.")
    body = lines(
        Bold(_("This will be %(parts)s.") % {"parts": parts}),
        _("Characters: %(units)s. %(alphabet)s") % {"units": count.units, "alphabet": alphabet},
    )
    yes = button(_("Send %(parts)s") % {"parts": parts}, ForeseenPress(do="send", id=dialog_id))
    no = button(_("Don't send"), ForeseenPress(do="drop", id=dialog_id))
    await desk.send(Screen(body, [[yes, no]]), reply=True)
    return True


def answered(raw: dict[str, Any]) -> dict[str, Any] | None:
    """The message a pressed notice replies to, as an update of its own. Pure."""
    shown = raw.get("callback_query", {}).get("message", {})
    written = shown.get("reply_to_message")
    if not written or not written.get("text"):
        return None
    return {"update_id": raw["update_id"], "message": {"chat": shown["chat"]} | written}


async def drop(_query: CallbackQuery, callback_data: ForeseenPress, desk: Desk) -> None:
    await desk.show(Screen(Text(_("Not sent."))))


def require_written(raw: dict[str, Any]) -> dict[str, Any]:
    """As `answered`; NotFound when the manager has taken the words away."""
    found = answered(raw)
    if found is None:
        raise NotFound(N_("What you wrote is no longer here: write it again."))
    return found


async def warn(desk: Desk, dialog_id: int) -> None:
    """Say how few messages the provider still takes until the client answers."""
    seen = await foresee(dialog_id, "")
    if seen.left is not None and seen.left <= FEW:
        await desk.say(warning(seen, desk.actor.timezone))


def warning(seen: Foresight, timezone: str) -> str:
    """How many are left; with none, when the next ones leave."""
    if seen.left:
        text = ngettext(
            "⏳ Until the client answers, %(count)s more message will leave within this hour.",
            "⏳ Until the client answers, %(count)s more messages will leave within this hour.",
            seen.left,
        )
        return text % {"count": seen.left}
    when = moment(seen.frees_at, timezone) if seen.frees_at else ""
    text = _("⏳ The hour's messages are used up: this waits until %(when)s or for an answer.")
    return text % {"when": when}
