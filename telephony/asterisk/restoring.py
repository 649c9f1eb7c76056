"""A call seen before a restart and after it, as one. Pure."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from crm_core.calls.shapes import CallSeen, Outcome


def restored(before: CallSeen, seen: CallSeen) -> CallSeen:
    """What was known before a restart, and what was seen since, as one call."""
    old = {leg.key: leg for leg in before.legs}
    legs = {leg.key: leg for leg in seen.legs}
    both = {
        key: dataclasses.replace(
            legs[key],
            how=old[key].how,
            rang_at=old[key].rang_at,
            answered_at=old[key].answered_at or legs[key].answered_at,
        )
        if key in old
        else legs[key]
        for key in legs
    }
    answered = before.answered_at or seen.answered_at
    return dataclasses.replace(
        seen,
        direction=before.direction,
        number=before.number or seen.number,
        did=before.did or seen.did,
        queue=seen.queue or before.queue,
        started_at=before.started_at,
        answered_at=answered,
        outcome="answered" if answered and seen.ended_at else seen.outcome,
        wait_seconds=before.wait_seconds or seen.wait_seconds,
        talk_seconds=_since(answered, seen) if answered else seen.talk_seconds,
        transfers=tuple(dict.fromkeys((*before.transfers, *seen.transfers))),
        legs=tuple(both.get(key, leg) for key, leg in {**old, **both}.items()),
    )


def _since(answered: datetime, seen: CallSeen) -> float:
    if seen.ended_at is None:
        return 0.0
    return max(round((seen.ended_at - answered).total_seconds() - seen.hold_seconds, 3), 0.0)


def unwatched(call: CallSeen, at: float) -> CallSeen:
    """A call that ended by `at` while nobody watched; how, only the PBX's log can tell."""
    ended = datetime.fromtimestamp(at, UTC)
    outcome: Outcome = "answered" if call.answered_at else "unknown"
    found = dataclasses.replace(call, state="ended", ended_at=ended, outcome=outcome)
    if call.answered_at is None:
        return found
    return dataclasses.replace(found, talk_seconds=_since(call.answered_at, found))
