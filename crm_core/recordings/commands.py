"""What people do with recordings: listen, look for a lost one again, set how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import orjson
from pydantic import Field

from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.recordings import keeping, links, queries
from crm_core.recordings.access import require_hear
from crm_core.recordings.events import RecordingPlayed, RecordingRuleSet
from crm_core.recordings.queries import RecordingView

# Why there is nothing to hear, by the recording's state.
SILENT = {
    "pending": N_("The recording is still on its way from the PBX."),
    "leaving": N_("The recording was removed: its time was over."),
    "removed": N_("The recording was removed: its time was over."),
}
NEVER = N_("This call was not recorded.")
LOST = N_("There is no recording: %(reason)s.")
LOST_FILE = N_("The file of this recording is missing in the store: restore it from a backup.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """What is played: `link` is an address below the public one, good for half an hour."""

    call_id: int
    sha: str
    size: int
    seconds: int
    link: str


ACCESS = "INSERT INTO recording_access (call_id, actor, employee_id, at) VALUES ($1, $2, $3, $4)"


@command("call.listen_recording", title=N_("Listen to a call"), right=Right.OWN)
async def listen(actor: Actor, *, call_id: int) -> Listening:
    """Those who spoke, the client's manager and heads; every time is written down."""
    await require_hear(actor, call_id)
    found = playable(await queries.recording_of(call_id))
    assert found.sha is not None  # noqa: S101 - it is playable
    employee = actor.id if actor.kind == "employee" else None
    await db.execute(ACCESS, call_id, actor.key, employee, clock.now())
    played = RecordingPlayed(client_id=found.client_id, call_id=call_id, employee_id=employee)
    await emit(played, actor=actor.key)
    return Listening(
        call_id=call_id,
        sha=found.sha,
        size=found.size or 0,
        seconds=found.seconds,
        link=f"/recordings/{links.token(call_id)}",
    )


def playable(found: RecordingView | None) -> RecordingView:
    """The recording when it can be played; NotFound that says what became of it."""
    if found is None:
        raise NotFound(NEVER)
    if found.state == "unavailable":
        raise NotFound(LOST, reason=found.reason or "—")
    if found.state != "stored" or found.sha is None:
        raise NotFound(SILENT.get(found.state, NEVER))
    return found


@command("call.find_recording", title=N_("Look for a lost recording"), right=Right.OWN)
async def find(actor: Actor, *, call_id: int) -> bool:
    """Look at the PBX once more for a recording that was not found."""
    await require_hear(actor, call_id)
    if not await keeping.again(call_id):
        raise Conflict(N_("There is nothing to look for."))
    return True


Days = Annotated[int, Field(ge=0, le=36_500)]
KEEP_RULE = """
INSERT INTO setting (key, value) VALUES ($1, $2::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


@command("recording.keep_for", title=N_("Set how long recordings stay"), right=Right.CHANNEL_WRITE)
async def keep_for(actor: Actor, *, days: Days, queue: str = "") -> dict[str, int]:
    """Days (0: for ever) for all calls, or for the calls of one queue of the PBX."""
    rule = await queries.retention()
    if queue:
        value = {"days": rule.days, "queues": dict(rule.queues) | {queue: days}}
    else:
        value = {"days": days, "queues": dict(rule.queues)}
    await db.execute(KEEP_RULE, queries.RULE, orjson.dumps(value).decode())
    await emit(RecordingRuleSet(days=days, queue=queue), actor=actor.key)
    return {"days": days}
