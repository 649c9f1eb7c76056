"""Why requests were rejected: reason by source and manager, with their share (REP-08, REQ-20)."""

from __future__ import annotations

from crm_core.kernel.i18n import N_
from crm_core.reports.definition import Chart, Column, Cut, Dimension, Report
from crm_core.reports.grouped import Grouped

REJECTED = "r.state = 'rejected'"
COUNT = f"count(*) FILTER (WHERE {REJECTED})"

REPORT = Report(
    key="rej",
    title=N_("Reasons of rejections"),
    cuts=(
        Cut(key="r", title=N_("by reason"), by=("reason",)),
        Cut(key="s", title=N_("by source"), by=("source",)),
        Cut(key="m", title=N_("by manager"), by=("manager",)),
        Cut(key="a", title=N_("in detail"), by=("reason", "source", "manager")),
    ),
    dimensions=(
        Dimension(key="reason", title=N_("Reason")),
        Dimension(key="source", title=N_("Source")),
        Dimension(key="manager", title=N_("Manager"), naming="employee", empty=N_("nobody yet")),
    ),
    columns=(
        Column(key="n", title=N_("Rejected"), short=N_("qty"), brief=True),
        Column(
            key="share",
            title=N_("Share of all requests"),
            kind="percent",
            short=N_("of all"),
            brief=True,
        ),
        Column(
            key="part",
            title=N_("Share of the rejected ones"),
            kind="percent",
            short=N_("of rejected"),
            brief=True,
        ),
    ),
    chart=Chart(series=("n",)),
    filters=frozenset({"manager", "source", "queue"}),
    source=Grouped(
        table="request r",
        at="r.registered_at",
        employee="r.responsible_id",
        source="r.source",
        queue="r.queue_id",
        by={"reason": "r.rejected_for", "source": "r.source", "manager": "r.responsible_id"},
        # The greatest group is that of the totals: all requests within the same bounds.
        values={
            "n": COUNT,
            "share": f"{COUNT}::float8 / max(count(*)) OVER ()",
            "part": f"{COUNT}::float8 / max({COUNT}) OVER ()",
        },
        having=f"{COUNT} > 0",
        counted=REJECTED,
        item=("'request'", "r.id"),
    ),
)
