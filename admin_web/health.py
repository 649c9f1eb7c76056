"""Is it alive, is it ready, how is it doing: /healthz, /readyz, /metrics."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from crm_core.kernel import db

routes = web.RouteTableDef()

OUTBOX = Gauge("pult_outbox_rows", "Rows of the outbox not yet sent", ["lane", "state"])
JOURNAL = Gauge("pult_journal_waiting", "Facts not yet given to their handlers")
FAILED = Gauge("pult_failed", "Kept as failed", ["what"])
DIALOGS = Gauge("pult_dialogs", "Dialogs that are not closed", ["state"])


@routes.get("/healthz")
async def healthz(_request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok")


@routes.get("/readyz")
async def readyz(_request: web.Request) -> web.Response:
    """The database answers, too."""
    try:
        await db.fetchval("SELECT 1")
    except db.AWAY:
        return web.Response(text="the database does not answer", status=503)
    return web.Response(text="ok")


@routes.get("/metrics")
async def metrics(_request: web.Request) -> web.Response:
    await _measure()
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


STATES = "state IN ('queued', 'sending', 'failed', 'unknown')"


async def _measure() -> None:
    OUTBOX.clear()
    sql = f"SELECT lane, state, count(*) AS n FROM outbox WHERE {STATES} GROUP BY 1, 2"  # noqa: S608
    for row in await db.fetch(sql):
        OUTBOX.labels(row["lane"], row["state"]).set(row["n"])
    JOURNAL.set(await db.fetchval("SELECT count(*) FROM event WHERE NOT pumped"))
    raw = "SELECT count(*) FROM raw_event WHERE state = 'failed'"
    FAILED.labels("inbound").set(await db.fetchval(raw))
    FAILED.labels("handler").set(await db.fetchval("SELECT count(*) FROM event_failure WHERE dead"))
    DIALOGS.clear()
    for row in await db.fetch(
        "SELECT state, count(*) AS n FROM dialog WHERE state <> 'closed' GROUP BY 1"
    ):
        DIALOGS.labels(row["state"]).set(row["n"])
