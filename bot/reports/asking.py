"""From a press to the question it asks: parameters of a run, and the table that answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.reports.presses import ALL, PRESETS, ReportPress, days_of, mark, span_of
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.reports import choices, periods, registry, running
from crm_core.reports.definition import Behind, Item, Report
from crm_core.reports.items import items
from crm_core.reports.parameters import Parameters
from crm_core.reports.periods import Period
from crm_core.reports.running import Line, Table

OUTDATED = N_("This button is outdated: choose the report anew.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A press, made out."""

    press: ReportPress
    report: Report
    parameters: Parameters
    period: Period

    def turned(self, steps: int) -> ReportPress:
        """The same for the period before or after."""
        return self.press.but(do="turn", span=span_of(periods.shifted(self.period, steps)))


async def asked(actor: Actor, press: ReportPress) -> Asked:
    """NotFound, Invalid; Conflict for a button whose source is gone."""
    report = registry.find(press.key)
    try:
        days: tuple[date, date] | None = days_of(press.span)
    except (ValueError, OverflowError):
        raise Conflict(OUTDATED) from None
    parameters = Parameters(
        period=PRESETS.get(press.span, "this_month"),
        since=days[0] if days else None,
        until=days[1] if days else None,
        cut=press.cut,
        employees=(press.who,) if press.who else (),
        source=await _source(actor, report, press.src),
        queue_id=press.queue or None,
    )
    period = parameters.days(actor.timezone)
    return Asked(press=press, report=report, parameters=parameters, period=period)


async def _source(actor: Actor, report: Report, wanted: str) -> str | None:
    if not wanted:
        return None
    for one in await choices.sources(actor, report):
        if mark(one) == wanted:
            return one
    raise Conflict(OUTDATED)


async def answer(actor: Actor, question: Asked) -> Table:
    return await running.run(actor, question.report.key, question.parameters)


async def behind(
    actor: Actor, question: Asked, page: int, limit: int
) -> tuple[Line | None, list[Item], int]:
    """The row of the press (None: all), a page of its items, how many there are."""
    line = await _line(actor, question) if question.press.row != ALL else None
    wanted = Behind(key=line.key if line else None, limit=limit, offset=page * limit)
    found, total = await items(actor, question.report.key, question.parameters, wanted)
    return line, found, total


async def _line(actor: Actor, question: Asked) -> Line:
    for line in (await answer(actor, question)).lines:
        if mark(*line.key) == question.press.row:
            return line
    raise Conflict(N_("There is nothing in this row any more."))
