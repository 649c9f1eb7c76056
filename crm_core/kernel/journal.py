"""The journal: facts as rows, written in the transaction of their cause."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import orjson
import structlog

from crm_core.kernel import clock, db, wake

log = structlog.get_logger(__name__)

PUMP_TOPIC = "pump"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all facts: subclasses are frozen dataclasses named in the past tense.

    Fields must be JSON-able. `client_id` and `dialog_id` are also columns of the row.
    """

    registry: ClassVar[dict[str, type[Event]]] = {}

    client_id: int | None = None
    dialog_id: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # dataclass(slots=True) makes the class anew; the later one wins, which is the right one.
        super(Event, cls).__init_subclass__(**kwargs)
        Event.registry[cls.__name__] = cls


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the journal."""

    id: int
    at: datetime
    actor: str
    event: Event


# One row per event and the announcement, all in one round trip.
INSERT = """
WITH written AS (
  INSERT INTO event (type, at, actor, client_id, dialog_id, data)
  SELECT t, $2, $3, c, d, j::jsonb
  FROM unnest($1::text[], $4::bigint[], $5::bigint[], $6::text[]) AS u(t, c, d, j))
SELECT pg_notify($7, $8)
"""


async def emit(*events: Event, actor: str = "system") -> None:
    """Write facts to the journal; they are announced when the transaction commits."""
    if not events:
        return
    await db.execute(
        INSERT,
        [type(event).__name__ for event in events],
        clock.now(),
        actor,
        [event.client_id for event in events],
        [event.dialog_id for event in events],
        [_dump(event) for event in events],
        wake.CHANNEL,
        wake.payload(PUMP_TOPIC),
    )


def _dump(event: Event) -> str:
    data = dataclasses.asdict(event)
    del data["client_id"], data["dialog_id"]
    return orjson.dumps(data).decode()


def load(row: db.Row) -> Recorded | None:
    """A journal row as an event; None when its type is no longer known or has other fields."""
    kind = Event.registry.get(row["type"])
    if kind is None:
        return None
    known = {field.name for field in dataclasses.fields(kind)}
    data = {key: value for key, value in orjson.loads(row["data"]).items() if key in known}
    try:
        event = kind(client_id=row["client_id"], dialog_id=row["dialog_id"], **data)
    except TypeError:
        # Written by another version: it must not hold up everything behind it.
        log.exception("event_unreadable", number=row["id"], type=row["type"])
        return None
    return Recorded(row["id"], row["at"], row["actor"], event)


def loads(rows: Sequence[db.Row]) -> list[Recorded]:
    return [found for row in rows if (found := load(row)) is not None]
