"""How a call ended, in the words of those concerned. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.calls.shapes import LegSeen, Outcome
from telephony.asterisk.facts import Channel
from telephony.asterisk.legs import dial_outcome
from telephony.asterisk.picture import Picture

# Causes that mean that there was no phone to ring.
NOBODY_THERE = frozenset({3, 20, 27})
# What Asterisk gives as the cause when the caller hung up before the answer.
INTERWORKING = 127


def outcome_of(picture: Picture, legs: Sequence[LegSeen], answered: float | None) -> Outcome:
    if answered is not None:
        return "answered"
    if picture.group.gapped:
        return "unknown"  # somebody may have spoken meanwhile: the PBX's log knows
    if picture.direction == "inbound":
        return _inbound_outcome(picture, legs)
    if picture.direction == "outbound" and picture.client is not None:
        return _outbound_outcome(picture, picture.client)
    return _internal_outcome(picture, legs)


def _inbound_outcome(picture: Picture, legs: Sequence[LegSeen]) -> Outcome:
    first = picture.first
    if picture.group.gave_up or first.asked_to_end is not None or first.cause == INTERWORKING:
        return "abandoned"
    return _nobody_took_it(first, legs)


def _nobody_took_it(first: Channel, legs: Sequence[LegSeen]) -> Outcome:
    rung = {leg.outcome for leg in legs if leg.how not in {"caller", "order"}}
    if rung and rung <= {"busy"}:
        return "busy"
    if rung and rung <= {"busy", "declined"}:
        return "declined"
    if rung - {"offline"}:
        return "missed"
    if rung or first.cause in NOBODY_THERE:
        return "offline"
    return "busy" if first.cause in {17, 21} else "missed"


def _outbound_outcome(picture: Picture, client: Channel) -> Outcome:
    told = dial_outcome(client)
    if told in {"busy", "declined"}:
        return told
    if told == "no_answer":
        # An unknown number is told as "no answer" as well; its cause says what it was.
        return "missed" if client.cause in {None, 0, 16, 18, 19} else "failed"
    if told in {"offline", "failed"}:
        return "failed"
    return "abandoned"


def _internal_outcome(picture: Picture, legs: Sequence[LegSeen]) -> Outcome:
    first = picture.first
    if picture.client is None or len(picture.channels) == 1:
        own = dial_outcome(first)
        if own in {"busy", "declined"}:
            return own
        if first.dialled_at is not None and first.up_at is None:
            return "missed"
        return "offline" if first.cause in NOBODY_THERE else "failed"
    if first.asked_to_end is not None or first.cause == INTERWORKING:
        return "abandoned"
    return _nobody_took_it(first, legs)
