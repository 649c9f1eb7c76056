"""The first request of a client tells by its campaign how they came; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import orjson

from crm_core.catalogues.known import ADVERTISING
from crm_core.catalogues.queries import by_key
from crm_core.classification.guessing import Guess, channel, guess
from crm_core.classification.interests import told
from crm_core.clients.locking import locked
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.requests.events import RequestChanged, RequestDone, RequestRegistered

REQUEST = """
SELECT id, client_id, campaign, at FROM request
WHERE id = $1 AND client_id IS NOT NULL AND campaign <> '{}'::jsonb
"""
# Whoever wrote, called or asked a day before came to us otherwise. Not less: the call or the chat
# a lead was made of begins a little before the lead.
EARLIER = timedelta(days=1)
FIRST = """
SELECT NOT EXISTS (SELECT 1 FROM primary_interest WHERE client_id = $1)
  AND NOT EXISTS (SELECT 1 FROM request WHERE client_id = $1 AND at < $2::timestamptz)
  AND NOT EXISTS (SELECT 1 FROM dialog WHERE client_id = $1 AND opened_at < $2)
  AND NOT EXISTS (SELECT 1 FROM call WHERE client_id = $1 AND started_at < $2)
"""
SAVE = """
INSERT INTO primary_interest (client_id, item_id, source, request_id, at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (client_id) DO NOTHING RETURNING id
"""


async def on_requests(recorded: Sequence[Recorded]) -> None:
    """Requests whose client is known, or has just become known."""
    for one in recorded:
        event = one.event
        if isinstance(event, RequestRegistered | RequestChanged | RequestDone):
            row = await db.fetchrow(REQUEST, event.request_id)
            if row is not None and (meant := guess(orjson.loads(row["campaign"]))):
                await _learn(row, meant)


async def _learn(request: db.Row, meant: Guess) -> None:
    client_id = (await locked(SYSTEM, request["client_id"]))["id"]
    if not await db.fetchval(FIRST, client_id, request["at"] - EARLIER):
        return
    item = channel((await by_key(ADVERTISING)).tree, meant)
    if item is None:
        return
    values = (item.id, meant.source, request["id"], request["at"])
    if await db.fetchval(SAVE, client_id, *values) is not None:
        after = {"item_id": item.id, "channel": item.title, "source": meant.source}
        await told(client_id, {}, after, actor="system", request_id=request["id"])


HANDLERS = (
    Handler(
        "classification.interest", (RequestRegistered, RequestChanged, RequestDone), on_requests
    ),
)
