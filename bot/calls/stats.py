"""Numbers of calls as a picture of letters and a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Pre, Text

from bot.calls.presses import By, CallsPress, Span, StatsPress
from bot.calls.words import length
from bot.clients.show import show
from bot.desk import Desk
from bot.screen import Screen, button, lines, shorten
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
WIDEST, NAME = 12, 12
MOST = 30


def period(span: Span, timezone: str, now: datetime) -> Period:
    """Whole days of the person's own time, today the last of them."""
    zone = ZoneInfo(timezone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    until = today + timedelta(days=1)
    return Period(since=until - timedelta(days=DAYS[span]), until=until, timezone=timezone)


async def screen(_query: CallbackQuery, callback_data: StatsPress, desk: Desk) -> None:
    wanted = period(callback_data.span, desk.actor.timezone, clock.now())
    own = None if desk.actor.may(Right.CALL_ALL) else desk.actor.id
    table = await numbers(wanted, callback_data.by, employee_id=own)
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


def summary(whole: Line) -> list[str]:
    """What decides, in words."""
    share = "—" if whole.level is None else f"{whole.level:.0%}"
    counts = {"offered": whole.offered, "answered": whole.answered, "missed": whole.missed}
    return [
        _("Incoming %(offered)s: answered %(answered)s, missed %(missed)s") % counts,
        _("Answered within 20 s: %(share)s · gave up: %(count)s")
        % {"share": share, "count": whole.abandoned},
        _("Mean wait %(wait)s · mean talk %(talk)s")
        % {"wait": length(whole.wait), "talk": length(whole.talk)},
        _("Outgoing %(outgoing)s: reached %(reached)s")
        % {"outgoing": whole.outgoing, "reached": whole.reached},
    ]


def drawn(table: Sequence[Line], by: By) -> str:
    """A bar per line (█ answered, ░ missed) with its numbers; out: calls made."""
    most = max((line.offered for line in table), default=0) or 1
    head = _("█ answered ░ missed · incoming/missed/outgoing")
    rows = [
        f"{_name(line, by):<{NAME}} {_bar(line, most)} {_counts(line)}" for line in table[:MOST]
    ]
    return "\n".join([head, *rows])


def _name(line: Line, by: By) -> str:
    if by == "hour":
        return f"{int(line.key):02}:00"
    return shorten(line.key or _("no queue"), NAME)


def _bar(line: Line, most: int) -> str:
    answered = round(line.answered * WIDEST / most)
    whole = max(round(line.offered * WIDEST / most), 1 if line.offered else 0)
    return ("█" * min(answered, whole) + "░" * (whole - min(answered, whole))).ljust(WIDEST)


def _counts(line: Line) -> str:
    return f"{line.offered}/{line.missed}/{line.outgoing}"
