"""Names behind the numbers in facts: people, queues, channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crm_core.clients.timeline import TimelineItem
from crm_core.kernel import db

PEOPLE = "SELECT id, name FROM employee WHERE id = ANY($1::bigint[])"
QUEUES = "SELECT id, name FROM queue WHERE id = ANY($1::bigint[])"
CHANNELS = "SELECT id, name FROM channel WHERE id = ANY($1::bigint[])"
DIALOGS = """
SELECT d.id, c.name FROM dialog d JOIN channel c ON c.id = d.channel_id
WHERE d.id = ANY($1::bigint[])
"""
EMPLOYEES = ("employee_id", "to_employee_id", "from_id", "manager_id", "before_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """By number; `dialogs` names the channel of a dialog."""

    people: Mapping[int, str] = field(default_factory=dict)
    queues: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    dialogs: Mapping[int, str] = field(default_factory=dict)


async def names_of(items: Sequence[TimelineItem]) -> Names:
    """The names these facts and messages speak of, people who have left among them."""

    def told(*keys: str) -> set[int]:
        return {int(one.data[key]) for one in items for key in keys if one.data.get(key)}

    return Names(
        people=await _named(PEOPLE, told(*EMPLOYEES)),
        queues=await _named(QUEUES, told("to_queue_id")),
        channels=await _named(CHANNELS, told("channel_id")),
        dialogs=await _named(DIALOGS, {one.dialog_id for one in items if one.dialog_id}),
    )


async def _named(statement: str, numbers: Iterable[int]) -> dict[int, str]:
    wanted = sorted(numbers)
    rows = await db.fetch(statement, wanted) if wanted else []
    return {row["id"]: row["name"] for row in rows}
