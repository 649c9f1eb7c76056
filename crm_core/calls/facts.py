"""What is new about a call: pure comparison of the stored row with what is seen now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crm_core.calls.events import (
    CallAnswered,
    CallChanged,
    CallEnded,
    CallMissed,
    CallRinging,
    CallStarted,
)
from crm_core.calls.rules import is_missed
from crm_core.calls.shapes import CallSeen, LegSeen
from crm_core.kernel.journal import Event

# Once one of these was told, nothing that is found out later is told again.
KNOWN = frozenset({"answered", "missed", "abandoned", "busy", "declined", "offline", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The stored call; `legs` = outcomes by leg key (None while it rings or speaks)."""

    state: str
    answered: bool
    employee_id: int | None
    queue: str | None
    recording: str | None
    outcome: str | None
    transfers: int
    legs: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Ids:
    """How the call is known here: row ids, client, normal number, employees by extension."""

    call: int
    client: int | None
    number: str | None
    legs: Mapping[str, int]
    people: Mapping[str, int]


def facts(before: Before | None, seen: CallSeen, ids: Ids) -> list[Event]:
    """Facts to tell, in the order they happened."""
    return [
        *_started(before, seen, ids),
        *_rung(before, seen, ids),
        *_answered(before, seen, ids),
        *_changed(before, seen, ids),
        *_ended(before, seen, ids),
    ]


def _started(before: Before | None, seen: CallSeen, ids: Ids) -> Iterator[Event]:
    if before is None:
        yield CallStarted(
            call_id=ids.call, client_id=ids.client, direction=seen.direction, number=ids.number
        )


def _rung(before: Before | None, seen: CallSeen, ids: Ids) -> Iterator[Event]:
    if seen.state == "ended":
        return  # nobody's phone rings any more
    known = before.legs if before else {}
    for leg in seen.legs:
        if leg.key not in known and _rings(leg):
            yield CallRinging(
                call_id=ids.call,
                client_id=ids.client,
                leg_id=ids.legs[leg.key],
                extension=leg.extension,
                direction=seen.direction,
                employee_id=ids.people.get(leg.extension),
                number=ids.number,
            )


def _rings(leg: LegSeen) -> bool:
    return leg.how != "caller" and leg.outcome != "offline"


def _answered(before: Before | None, seen: CallSeen, ids: Ids) -> Iterator[Event]:
    if seen.answered_at is None or (before is None and seen.state == "ended"):
        return
    employee_id = ids.people.get(seen.talker or "")
    if before is None or not before.answered or before.employee_id != employee_id:
        yield CallAnswered(
            call_id=ids.call,
            client_id=ids.client,
            direction=seen.direction,
            extension=seen.talker,
            employee_id=employee_id,
        )


def _changed(before: Before | None, seen: CallSeen, ids: Ids) -> Iterator[Event]:
    if before is None:
        return
    for what, news in (
        ("transferred", len(seen.transfers) > before.transfers),
        ("queued", seen.queue is not None and before.queue is None),
        ("held", seen.state == "held" and before.state != "held"),
        ("resumed", seen.state == "talking" and before.state == "held"),
        # Handed on: the other phone may be up a moment before it is connected with the caller.
        ("connected", seen.state == "talking" and before.state == "ringing" and before.answered),
        ("recording", seen.recording is not None and before.recording is None),
        ("legs", _stopped(before, seen)),
    ):
        if news:
            yield CallChanged(call_id=ids.call, client_id=ids.client, what=what)


def _stopped(before: Before, seen: CallSeen) -> bool:
    """A phone stopped ringing while the call goes on."""
    return seen.state != "ended" and any(
        leg.outcome and leg.key in before.legs and not before.legs[leg.key] for leg in seen.legs
    )


def _ended(before: Before | None, seen: CallSeen, ids: Ids) -> Iterator[Event]:
    outcome = seen.outcome or "unknown"
    known = before is not None and before.state == "ended" and before.outcome in {outcome, *KNOWN}
    if seen.state != "ended" or known:
        return
    yield CallEnded(
        call_id=ids.call,
        client_id=ids.client,
        direction=seen.direction,
        outcome=outcome,
        employee_id=ids.people.get(seen.talker or ""),
        number=ids.number,
        talk_seconds=seen.talk_seconds,
        part_of=seen.part_of,
    )
    if is_missed(seen):
        rung = {ids.people[leg.extension] for leg in seen.legs if leg.extension in ids.people}
        yield CallMissed(
            call_id=ids.call,
            client_id=ids.client,
            outcome=outcome,
            number=ids.number,
            rung=sorted(rung),
            wait_seconds=seen.wait_seconds,
        )
