"""The items behind a number, each with the way to its card and back. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.utils.formatting import Bold

from bot import trail
from bot.calls.presses import CallPress
from bot.dialogs.presses import DialogPress
from bot.reports.asking import Asked
from bot.requests.presses import RequestPress
from bot.screen import Button, Screen, button, lines
from bot.times import moment
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext
from crm_core.reports import texts
from crm_core.reports.definition import Item, ItemKind
from crm_core.reports.running import Line

PAGE = 7
SIGNS: dict[ItemKind, str] = {"request": "📥", "call": "📞", "dialog": "💬"}


def screen(
    question: Asked, line: Line | None, page: tuple[Sequence[Item], int], timezone: str
) -> Screen:
    """Seven items: sign, who, when."""
    found, total = page
    press = question.press
    name = " · ".join(line.labels) if line else _("All of them")
    rows = [
        [_item(question, one, press.page * PAGE + number, timezone)]
        for number, one in enumerate(found, 1)
    ]
    turns = [
        button(label, press.but(page=goal))
        for label, goal in (("‹", press.page - 1), ("›", press.page + 1))
        if goal >= 0 and goal * PAGE < total
    ]
    counted = ngettext("%(count)s entry", "%(count)s entries", total) % {"count": total}
    body = lines(
        Bold(f"🔍 {_(question.report.title)} · {name}"),
        f"{texts.period(question.period)} · {counted}",
    )
    back = button(f"← {_('Back')}", press.but(do="rows", row="", page=0))
    return Screen(body, [*rows, turns, [back]])


def _item(question: Asked, one: Item, number: int, timezone: str) -> Button:
    label = f"{number}. {SIGNS[one.kind]} {one.title} · {moment(one.at, timezone)}"
    return button(label, _opens(one, trail.report(question.press)))


def _opens(one: Item, back: str) -> CallbackData:
    match one.kind:
        case "request":
            return RequestPress(do="card", id=one.id, back=back)
        case "call":
            return CallPress(do="card", id=one.id, back=back)
        case "dialog":
            return DialogPress(do="card", id=one.id, back=back)
