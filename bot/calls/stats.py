"""Numbers of calls on a screen: over which days, by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Pre, Text

from bot.calls.bars import drawn, summary
from bot.calls.presses import By, CallsPress, Span, StatsPress
from bot.clients.show import show
from bot.desk import Desk
from bot.screen import Screen, button, lines
from crm_core.calls.statistics import Line, Period, numbers, total
from crm_core.kernel import clock
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

DAYS: dict[Span, int] = {"today": 1, "week": 7, "month": 30}
SPANS: dict[Span, str] = {"today": N_("Today"), "week": N_("7 days"), "month": N_("30 days")}
GROUPS: dict[By, str] = {
    "hour": N_("By hour"),
    "employee": N_("By person"),
    "queue": N_("By queue"),
}


def period(span: Span, timezone: str, now: datetime) -> Period:
    """Whole days of the person's own time, today the last of them."""
    zone = ZoneInfo(timezone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    until = today + timedelta(days=1)
    return Period(since=until - timedelta(days=DAYS[span]), until=until, timezone=timezone)


async def screen(_query: CallbackQuery, callback_data: StatsPress, desk: Desk) -> None:
    wanted = period(callback_data.span, desk.actor.timezone, clock.now())
    own = None if desk.actor.may(Right.CALL_ALL) else [desk.actor.id]
    whose = own if callback_data.by == "employee" else None
    table = await numbers(wanted, callback_data.by, employee_ids=whose)
    await show(desk, _screen(callback_data, await total(wanted), table, desk.actor))


def _screen(now: StatsPress, whole: Line, table: Sequence[Line], actor: Actor) -> Screen:
    spans = [
        button(f"• {_(title)}" if one == now.span else _(title), StatsPress(by=now.by, span=one))
        for one, title in SPANS.items()
    ]
    groups = [
        button(f"• {_(title)}" if one == now.by else _(title), StatsPress(by=one, span=now.span))
        for one, title in GROUPS.items()
    ]
    body = lines(
        Bold(f"📊 {_('Calls')} · {_(SPANS[now.span]).lower()}"),
        *summary(whole),
        Text(Pre(drawn(table, now.by))) if table else _("There were no calls."),
    )
    back = button(f"← {_('Back')}", CallsPress(which="mine"))
    assert actor.id  # noqa: S101 - employees look at it
    return Screen(body, [spans, groups, [back]])
