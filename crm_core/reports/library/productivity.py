"""What each manager has done in a period: calls, mails, messages, dialogs (REQ-07, begun)."""

from __future__ import annotations

from typing import Any

from crm_core.dialogs import capabilities
from crm_core.kernel import db
from crm_core.kernel.i18n import N_
from crm_core.reports.definition import Chart, Column, Cut, Dimension, Report
from crm_core.reports.grouped import Grouped

# A call counts for whoever spoke in it or made it; a word for whoever wrote it. Words of one
# person in one dialog and hour are counted first: there are many, and few such stretches.
DONE = """
(SELECT m.employee_id, m.at, 'dialog' AS kind, m.dialog_id AS id,
   CASE WHEN c.kind = ANY($7::text[]) THEN 'mail' ELSE 'message' END AS what, 0 AS seconds, m.n
 FROM (SELECT author_id AS employee_id, dialog_id, max(at) AS at, count(*)::int AS n
   FROM message WHERE direction = 'out' AND author_id IS NOT NULL AND at >= $1 AND at < $2
     AND ($3::bigint[] IS NULL OR author_id = ANY($3))
   GROUP BY author_id, dialog_id, date_trunc('hour', at, $6)) m
 JOIN dialog d ON d.id = m.dialog_id JOIN channel c ON c.id = d.channel_id
 UNION ALL
 SELECT l.employee_id, min(c.started_at), 'call', c.id,
   CASE c.direction WHEN 'inbound' THEN 'taken' ELSE 'made' END, sum(l.talk_seconds), 1
 FROM call_leg l JOIN call c ON c.id = l.call_id
 WHERE c.started_at >= $1 AND c.started_at < $2 AND c.state = 'ended' AND c.part_of IS NULL
   AND l.employee_id IS NOT NULL
   AND (c.direction = 'outbound' OR (c.direction = 'inbound' AND l.answered_at IS NOT NULL))
 GROUP BY l.employee_id, c.id) a
"""


async def _mails() -> tuple[Any, ...]:
    """Kinds of channels in which every conversation has a subject: mail."""
    kinds = [row["kind"] for row in await db.fetch("SELECT DISTINCT kind FROM channel")]
    return ([kind for kind in kinds if capabilities.of(kind).threads],)


def _of(*what: str) -> str:
    return f"a.what IN ({', '.join(repr(one) for one in what)})"


CALLS, TAKEN, MADE = _of("taken", "made"), _of("taken"), _of("made")
MAILS, MESSAGES = _of("mail"), _of("message")
WORDS = _of("mail", "message")

REPORT = Report(
    key="work",
    title=N_("Productivity"),
    cuts=(
        Cut(key="m", title=N_("by manager"), by=("manager",)),
        Cut(key="d", title=N_("by day"), by=("day",), ordered=True),
        Cut(key="h", title=N_("by hour"), by=("hour",), ordered=True),
    ),
    dimensions=(
        Dimension(key="manager", title=N_("Manager"), naming="employee"),
        Dimension(key="day", title=N_("Day"), naming="day"),
        Dimension(key="hour", title=N_("Hour"), naming="hour"),
    ),
    columns=(
        Column(key="calls", title=N_("Calls"), short=N_("calls"), brief=True, only=CALLS),
        Column(key="taken", title=N_("Calls taken"), only=TAKEN),
        Column(key="made", title=N_("Calls made"), only=MADE),
        Column(key="talk", title=N_("Time of talk"), kind="duration", only=CALLS),
        Column(key="mails", title=N_("Mails"), short=N_("mails"), brief=True, only=MAILS),
        Column(key="messages", title=N_("Messages"), short=N_("msgs"), brief=True, only=MESSAGES),
        Column(key="dialogs", title=N_("Dialogs"), short=N_("dialogs"), brief=True, only=WORDS),
    ),
    chart=Chart(series=("calls", "mails", "messages")),
    source=Grouped(
        table=DONE,
        at="a.at",
        employee="a.employee_id",
        by={
            "manager": "a.employee_id",
            "day": "(a.at AT TIME ZONE $6)::date",
            "hour": "extract(hour FROM a.at AT TIME ZONE $6)::int",
        },
        values={
            "calls": f"count(*) FILTER (WHERE {CALLS})",
            "taken": f"count(*) FILTER (WHERE {TAKEN})",
            "made": f"count(*) FILTER (WHERE {MADE})",
            "talk": "sum(a.seconds)",
            "mails": f"coalesce(sum(a.n) FILTER (WHERE {MAILS}), 0)::bigint",
            "messages": f"coalesce(sum(a.n) FILTER (WHERE {MESSAGES}), 0)::bigint",
            "dialogs": f"count(DISTINCT a.id) FILTER (WHERE {WORDS})",
        },
        item=("a.kind", "a.id"),
        more=_mails,
    ),
)
