"""The one queue of what nobody has accepted yet: dialogs and requests of every channel."""

from __future__ import annotations

from collections.abc import Mapping

from crm_core.dialogs import queries as dialogs
from crm_core.dialogs.queries import DialogView
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.requests import queries
from crm_core.requests.queries import RequestView

Item = DialogView | RequestView

# Statements are put together from constants; values are parameters.
WAITING = f"""
SELECT 'dialog' AS kind, d.id, coalesce(d.unanswered_since, d.last_at) AS since
FROM dialog d WHERE {dialogs.LISTS["new"]}
UNION ALL
SELECT 'request', r.id, r.registered_at FROM request r WHERE {queries.LISTS["new"]}
"""  # noqa: S608
PAGE = f"SELECT kind, id FROM ({WAITING}) w ORDER BY since, kind, id LIMIT $3 OFFSET $4"  # noqa: S608
TOTAL = f"SELECT count(*) FROM ({WAITING}) w"  # noqa: S608


async def waiting(actor: Actor, *, limit: int = 7, offset: int = 0) -> tuple[list[Item], int]:
    """What this person may accept, whoever waits longest first: a page and the whole count."""
    known = (actor.id, actor.may(Right.DIALOG_ALL))
    total: int = await db.fetchval(TOTAL, *known)
    rows = await db.fetch(PAGE, *known, limit, offset)
    talks = await dialogs.views([row["id"] for row in rows if row["kind"] == "dialog"])
    asked = await queries.views([row["id"] for row in rows if row["kind"] == "request"])
    of: dict[str, Mapping[int, Item]] = {"dialog": talks, "request": asked}
    # Somebody may have taken one away between the two looks.
    return [of[row["kind"]][row["id"]] for row in rows if row["id"] in of[row["kind"]]], total
