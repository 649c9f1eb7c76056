"""The documented JSON of a generic PBX as calls. Pure."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crm_core.calls.shapes import CallSeen, Direction, LegSeen, Outcome, Transfer

Short = Annotated[str, Field(max_length=64)]


class CallEvent(BaseModel):
    """One message. `event`: what happened; `call`: the PBX's id of the call; `at`: when.

    started: direction, number, did. ringing, answered, left: extension (whose phone).
    held, resumed. transferred: extension (who did it), to. ended: outcome where it is known,
    hung_up_by. recorded: recording (an address).
    """

    model_config = ConfigDict(extra="ignore")

    event: Literal[
        "started",
        "ringing",
        "answered",
        "left",
        "held",
        "resumed",
        "transferred",
        "ended",
        "recorded",
    ]
    call: Annotated[str, Field(min_length=1, max_length=150)]
    at: AwareDatetime
    direction: Direction = "inbound"
    number: Short | None = None
    caller_name: Annotated[str, Field(max_length=120)] = ""
    did: Short | None = None
    queue: Short | None = None
    extension: Short | None = None
    to: Short | None = None
    outcome: Outcome | None = None
    hung_up_by: Literal["client", "employee"] | None = None
    recording: Annotated[str, Field(max_length=1000)] | None = None


def seen_after(call: CallSeen | None, event: CallEvent) -> CallSeen:
    """The call as it is after an event; the first thing heard of a call begins it."""
    if call is None:
        call = CallSeen(
            key=event.call, direction=event.direction, state="ringing", started_at=event.at
        )
    call = dataclasses.replace(
        call,
        number=call.number or event.number,
        caller_name=call.caller_name or event.caller_name,
        did=call.did or event.did,
        queue=event.queue or call.queue,
        recording=event.recording or call.recording,
    )
    if call.state == "ended":
        return call
    return _CHANGES[event.event](call, event)


def _same(call: CallSeen, event: CallEvent) -> CallSeen:
    return call


def _ringing(call: CallSeen, event: CallEvent) -> CallSeen:
    return call if event.extension is None else _with(call, _leg(call, event))


def _answered(call: CallSeen, event: CallEvent) -> CallSeen:
    answered = call.answered_at or event.at
    found = dataclasses.replace(
        call,
        state="talking",
        answered_at=answered,
        wait_seconds=_between(call.started_at, answered),
    )
    if event.extension is None:
        return found
    leg = _leg(call, event)
    return _with(found, dataclasses.replace(leg, answered_at=leg.answered_at or event.at))


def _left(call: CallSeen, event: CallEvent) -> CallSeen:
    return call if event.extension is None else _with(call, _closed(_leg(call, event), event.at))


def _held(call: CallSeen, event: CallEvent) -> CallSeen:
    return dataclasses.replace(call, state="held") if call.state == "talking" else call


def _resumed(call: CallSeen, event: CallEvent) -> CallSeen:
    return dataclasses.replace(call, state="talking") if call.state == "held" else call


def _transferred(call: CallSeen, event: CallEvent) -> CallSeen:
    handed = Transfer(at=event.at, kind="blind", by=event.extension or "", to=event.to or "")
    if handed in call.transfers:
        return call
    return dataclasses.replace(call, transfers=(*call.transfers, handed))


def _ended(call: CallSeen, event: CallEvent) -> CallSeen:
    told = event.outcome or ("missed" if call.direction == "inbound" else "abandoned")
    begun = call.answered_at
    return dataclasses.replace(
        call,
        state="ended",
        ended_at=event.at,
        outcome="answered" if begun else told,
        hung_up_by=event.hung_up_by,
        talk_seconds=_between(begun, event.at) if begun else 0.0,
        wait_seconds=_between(call.started_at, begun or event.at),
        legs=tuple(_closed(leg, event.at) for leg in call.legs),
    )


_CHANGES = {
    "started": _same,
    "ringing": _ringing,
    "answered": _answered,
    "left": _left,
    "held": _held,
    "resumed": _resumed,
    "transferred": _transferred,
    "ended": _ended,
    "recorded": _same,
}


def _leg(call: CallSeen, event: CallEvent) -> LegSeen:
    """The phone an event speaks of; new when it was not part of the call."""
    extension = event.extension or ""
    known = [leg for leg in call.legs if leg.extension == extension]
    if known:
        return known[-1]
    how = "caller" if call.direction != "inbound" and not call.legs else "ring"
    return LegSeen(
        key=f"{call.key}:{extension}",
        extension=extension,
        how="transfer" if call.transfers else ("caller" if how == "caller" else "ring"),
        rang_at=event.at,
    )


def _with(call: CallSeen, leg: LegSeen) -> CallSeen:
    others = tuple(one for one in call.legs if one.key != leg.key)
    return dataclasses.replace(call, legs=(*others, leg))


def _closed(leg: LegSeen, at: datetime) -> LegSeen:
    if leg.ended_at is not None:
        return leg
    spoke = leg.answered_at is not None
    return dataclasses.replace(
        leg,
        ended_at=at,
        outcome="answered" if spoke else "no_answer",
        talk_seconds=_between(leg.answered_at, at) if leg.answered_at else 0.0,
    )


def _between(begin: datetime, end: datetime) -> float:
    return max(round((end - begin).total_seconds(), 3), 0.0)
