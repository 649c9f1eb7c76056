"""What may be asked of a report, checked against its definition and the actor's rights."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from crm_core.kernel import clock
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Forbidden, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.reports import periods
from crm_core.reports.definition import Filter, Report, Scope
from crm_core.reports.periods import Period, Preset


class Parameters(BaseModel):
    """`since` and `until` are days, both included, and count before `period`. `cut`: how to
    group (the first way when empty). Absent ones are no bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: Preset = "this_month"
    since: date | None = None
    until: date | None = None
    cut: Annotated[str, Field(max_length=8)] = ""
    employees: Annotated[tuple[int, ...], Field(max_length=200)] = ()
    source: Annotated[str, Field(max_length=120)] | None = None
    queue_id: int | None = None

    def days(self, timezone: str) -> Period:
        """The days meant; Invalid."""
        today = clock.now().astimezone(ZoneInfo(timezone)).date()
        if self.since is None and self.until is None:
            return periods.of_preset(self.period, today)
        if self.since is None:
            raise Invalid(N_("Say from which day on."))
        return periods.require_sensible(Period(self.since, self.until or today))


def scope_of(actor: Actor, report: Report, given: Parameters) -> Scope:
    """The bounds of a run; Invalid for what the report does not know, Forbidden for others'
    figures."""
    cut = report.cut(given.cut)
    if cut is None:
        raise Invalid(
            N_("This report can't be grouped by %(cut)s. Known: %(known)s."),
            cut=given.cut,
            known=", ".join(f"{one.key} ({_(one.title)})" for one in report.cuts),
        )
    asked: dict[Filter, object] = {
        "manager": given.employees,
        "source": given.source,
        "queue": given.queue_id,
    }
    for name, value in asked.items():
        if value and name not in report.filters:
            raise Invalid(N_("This report can't be narrowed by %(name)s."), name=name)
    since, until = given.days(actor.timezone).moments(actor.timezone)
    return Scope(
        since=since,
        until=until,
        timezone=actor.timezone,
        cut=cut,
        employees=_whose(actor, report, given.employees),
        source=given.source,
        queue_id=given.queue_id,
    )


def _whose(actor: Actor, report: Report, wanted: tuple[int, ...]) -> tuple[int, ...] | None:
    """Whose figures are counted: those of `wanted`, or everybody's; one's own without the right
    to more."""
    if actor.may(report.sees_all):
        return wanted or None
    if set(wanted) - {actor.id}:
        raise Forbidden(N_("You may see only your own figures."))
    return (actor.id,)
