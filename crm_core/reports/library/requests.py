"""Requests of a period by source, manager and outcome: how many, how quickly (REP-07, REQ-06)."""

from __future__ import annotations

from crm_core.kernel.i18n import N_
from crm_core.reports.definition import Chart, Column, Cut, Dimension, Report
from crm_core.reports.grouped import Grouped

OUTCOME = """
CASE r.state WHEN 'done' THEN coalesce(r.outcome, 'handled') ELSE r.state END
"""
OUTCOMES = {
    "new": N_("Waits"),
    "accepted": N_("Is in work"),
    "rejected": N_("Was rejected"),
    "client": N_("Became a client"),
    "deal": N_("Became a deal"),
    "dialog": N_("Became a dialog"),
    "handled": N_("Was dealt with"),
}
# Of intervals: seconds of every row would be numbers without bounds, three times as slow.
SINCE = "extract(epoch FROM {what}(r.{moment} - r.registered_at))::float8"


def _times(step: str, moment: str) -> dict[str, str]:
    """Mean and worst, of working time and by the clock."""
    return {
        step: f"avg(r.{step}_work)",
        f"{step}_worst": f"max(r.{step}_work)",
        f"{step}_clock": SINCE.format(what="avg", moment=moment),
        f"{step}_clock_worst": SINCE.format(what="max", moment=moment),
    }


def _columns(step: str, titles: tuple[str, str, str, str], short: str) -> tuple[Column, ...]:
    mean, worst, clock, clock_worst = titles
    return (
        Column(key=step, title=mean, kind="duration", short=short, brief=True),
        Column(key=f"{step}_worst", title=worst, kind="duration"),
        Column(key=f"{step}_clock", title=clock, kind="duration"),
        Column(key=f"{step}_clock_worst", title=clock_worst, kind="duration"),
    )


ACCEPT = (
    N_("Accepted, mean working time"),
    N_("Accepted, worst working time"),
    N_("Accepted, mean by the clock"),
    N_("Accepted, worst by the clock"),
)
ANSWER = (
    N_("Answered, mean working time"),
    N_("Answered, worst working time"),
    N_("Answered, mean by the clock"),
    N_("Answered, worst by the clock"),
)
CLOSE = (
    N_("Closed, mean working time"),
    N_("Closed, worst working time"),
    N_("Closed, mean by the clock"),
    N_("Closed, worst by the clock"),
)
LATE = "r.late <> '[]'::jsonb"

REPORT = Report(
    key="req",
    title=N_("Analysis of requests"),
    cuts=(
        Cut(key="s", title=N_("by source"), by=("source",)),
        Cut(key="m", title=N_("by manager"), by=("manager",)),
        Cut(key="o", title=N_("by outcome"), by=("outcome",)),
        Cut(key="a", title=N_("in detail"), by=("source", "manager", "outcome")),
    ),
    dimensions=(
        Dimension(key="source", title=N_("Source")),
        Dimension(key="manager", title=N_("Manager"), naming="employee", empty=N_("nobody yet")),
        Dimension(key="outcome", title=N_("Outcome"), naming="words", words=OUTCOMES),
    ),
    columns=(
        Column(key="n", title=N_("Requests"), short=N_("qty"), brief=True),
        Column(key="late", title=N_("Limit crossed"), short=N_("late"), brief=True, only=LATE),
        *_columns("accept", ACCEPT, N_("accept")),
        *_columns("answer", ANSWER, N_("answer")),
        *_columns("close", CLOSE, N_("close")),
    ),
    chart=Chart(series=("n",), over="late"),
    filters=frozenset({"manager", "source", "queue"}),
    source=Grouped(
        table="request r",
        at="r.registered_at",
        employee="r.responsible_id",
        source="r.source",
        queue="r.queue_id",
        by={"source": "r.source", "manager": "r.responsible_id", "outcome": OUTCOME},
        values={
            "n": "count(*)",
            "late": f"count(*) FILTER (WHERE {LATE})",
            **_times("accept", "accepted_at"),
            **_times("answer", "answered_at"),
            **_times("close", "closed_at"),
        },
        item=("'request'", "r.id"),
    ),
)
