"""What the facts of a group of channels mean: the call as it is now. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from crm_core.calls.shapes import CallSeen, LegOutcome, LegSeen, Outcome, State, Transfer
from telephony.asterisk import spans
from telephony.asterisk.facts import Channel, Group, Rules
from telephony.asterisk.legs import Place, leg_seen
from telephony.asterisk.outcomes import outcome_of
from telephony.asterisk.picture import Picture, is_outside_number, picture_of
from telephony.asterisk.spans import Span


def view(group: Group, others: Sequence[Group], rules: Rules, now: float) -> CallSeen | None:
    """The call, or None while (or because) the channels are none."""
    picture = picture_of(group, others, rules, now)
    return None if picture is None or not _is_call(picture) else _seen(picture)


def _is_call(picture: Picture) -> bool:
    """A phone alone is no call yet: it may pick up a colleague's, listen, or ask for voice mail."""
    first, group = picture.first, picture.group
    if picture.direction == "inbound" or len(picture.channels) > 1:
        return not first.picking
    if first.picking or (picture.gone_at is not None and not _dialled(group)):
        return False
    if group.key.startswith(picture.rules.ordered):
        return True
    if first.hung_at is None or (first.unheard and not first.calling):
        return False
    return first.exten.lstrip("+").isdecimal() or first.dialled_at is not None


def _dialled(group: Group) -> bool:
    return any(one.dialled_at is not None for one in group.channels.values())


def _seen(picture: Picture) -> CallSeen:
    group, first, client = picture.group, picture.first, picture.client
    talk, hold = _talk(picture)
    answered = _answered(picture)
    ended = _ended(picture)
    legs = tuple(_leg(picture, one, answered) for one in picture.legs())
    outcome = outcome_of(picture, legs, answered) if ended is not None else None
    over = ended is not None
    return CallSeen(
        key=group.key,
        direction=picture.direction,
        state=_state(picture, ended, talk, hold),
        started_at=moment(first.born),
        number=_number(picture),
        caller_name=first.caller_name[:120] if picture.direction == "inbound" else "",
        did=first.exten[:64] if picture.direction == "inbound" and first.exten != "s" else None,
        queue=group.queue,
        answered_at=None if answered is None else moment(answered),
        ended_at=None if ended is None else moment(ended),
        outcome=outcome,
        **_lengths(picture, talk, hold, Moments(answered, ended)),
        hung_up_by=_hung_up_by(picture) if outcome in {"answered", "abandoned"} else None,
        cause=client.cause if client is not None and over else None,
        legs=tuple(_closed(leg, outcome) for leg in legs) if over else legs,
        transfers=_transfers(picture, legs),
        recording=group.recording,
        part_of=_part_of(picture),
    )


class Moments(NamedTuple):
    answered: float | None
    ended: float | None


def _lengths(
    picture: Picture, talk: Sequence[Span], hold: Sequence[Span], at: Moments
) -> dict[str, Any]:
    """Seconds of waiting, talk and hold; talk and hold only of a call that is over."""
    known = at.answered if at.answered is not None else at.ended
    found = {"wait_seconds": 0.0 if known is None else _rounded(known - picture.first.born)}
    if at.ended is not None:
        spoken = spans.length(talk, at.ended) - spans.length(spans.common(talk, hold), at.ended)
        since = spans.common(hold, [(at.answered, at.ended)]) if at.answered else []
        held = spans.length(since, at.ended)
        found |= {"talk_seconds": _rounded(spoken), "hold_seconds": _rounded(held)}
    return found


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _rounded(seconds: float) -> float:
    return round(max(seconds, 0.0), 3)


def _talk(picture: Picture) -> tuple[list[Span], list[Span]]:
    """When the client was connected, and when they were held meanwhile."""
    client = picture.client
    if client is None:
        return [], []
    talk = client.spans()
    if not talk and (answers := _dial_answers(picture)):
        talk = [(min(answers), client.hung_at)]
    if picture.gone_at is not None:
        talk = spans.common(talk, [(0.0, picture.gone_at)])
    partners = [one for one in picture.channels if one is not client]
    held = [span for one in partners for span in one.held()]
    return talk, spans.joined([*held, *client.waiting()])


def _dial_answers(picture: Picture) -> list[float]:
    """Moments at which somebody who was dialled for the client answered."""
    concerned = picture.channels if picture.direction != "outbound" else [picture.client]
    return [
        at
        for one in concerned
        if one is not None and one is not picture.first and (at := one.answered) is not None
    ]


def _answered(picture: Picture) -> float | None:
    client = picture.client
    if client is None or (client is picture.first and picture.direction == "outbound"):
        return None
    if len(picture.channels) == 1 and not client.bridged:
        # Announcements to a caller from outside are no answer; a service asked from inside is.
        return client.up_at if picture.direction == "internal" else None
    moments = _dial_answers(picture) or [span[0] for span in client.spans()]
    return min(moments, default=None)


def _ended(picture: Picture) -> float | None:
    """When it was over: with an inbound caller's end, else with the last channel's."""
    client = picture.client
    if picture.direction == "inbound" and client is not None and client.hung_at is not None:
        return client.hung_at
    ends = [one.hung_at for one in picture.channels]
    if picture.gone_at is not None and (None in ends or picture.first.hung_at is not None):
        return picture.gone_at
    if None in ends or any(one.hung_at is None for one in picture.group.channels.values()):
        return None
    return max(end for end in ends if end is not None)


def _state(
    picture: Picture, ended: float | None, talk: Sequence[Span], hold: Sequence[Span]
) -> State:
    if ended is not None:
        return "ended"
    held = spans.open_at_end(hold)
    if spans.open_at_end(talk):
        return "held" if held else "talking"
    return "held" if held and talk and _kept(picture) else "ringing"


def _kept(picture: Picture) -> bool:
    """Whether a phone that spoke with the client is still there, though not connected to them."""
    partners = [one for one in picture.channels if one is not picture.client]
    return any(one.hung_at is None and one.bridged for one in partners)


def _number(picture: Picture) -> str | None:
    """The outside party as the PBX writes it."""
    if picture.direction == "internal":
        return None
    if picture.direction == "inbound":
        return picture.first.number
    if is_outside_number(picture.first.exten):
        return picture.first.exten
    client = picture.client
    if client is None:
        return None
    return client.dial_string.partition("@")[0].rpartition("/")[2] or client.number


def _leg(picture: Picture, channel: Channel, answered: float | None) -> LegSeen:
    place = Place(
        caller=channel is picture.first,
        moved=picture.moved.get(channel.key),
        gone_at=picture.gone_at,
        answered=answered,
    )
    return leg_seen(channel, picture.group, place)


def _closed(leg: LegSeen, outcome: Outcome | None) -> LegSeen:
    """A leg of an ended call that says itself how it went."""
    if leg.outcome is not None:
        return leg
    if leg.answered_at is not None:
        return dataclasses.replace(leg, outcome="answered")
    mine = leg.how in {"caller", "order"}
    ended = _CALLERS.get(outcome or "unknown", "cancelled") if mine else "cancelled"
    return dataclasses.replace(leg, outcome=ended)


_CALLERS: dict[str, LegOutcome] = {
    "busy": "busy",
    "declined": "declined",
    "offline": "offline",
    "missed": "no_answer",
    "failed": "failed",
}


def _hung_up_by(picture: Picture) -> str | None:
    """Which side ended it: who asked first after the client was connected last."""
    client = picture.client
    began = max((span[0] for span in client.spans()), default=0.0) if client else 0.0
    # Who hands the call over by hanging up does not end it.
    began = max([began, *(at for at, _, _ in picture.group.attended)])
    asked = [
        (one.asked_to_end, one.kind)
        for one in picture.channels
        if one.asked_to_end is not None and one.asked_to_end >= began
    ]
    if not asked:
        return None
    return "client" if min(asked)[1] == "outside" else "employee"


def _transfers(picture: Picture, legs: Sequence[LegSeen]) -> tuple[Transfer, ...]:
    group = picture.group
    found = [(at, "blind", by, to) for at, by, to in group.blind]
    found += [(at, "attended", by, to or _latest(picture, at, by)) for at, by, to in group.attended]
    found += [(at, "pickup", by, to) for at, by, to in group.pickups]
    found += [
        (leg.rang_at.timestamp(), "redirect", "", leg.extension)
        for leg in legs
        if leg.how == "redirect"
    ]
    return tuple(
        Transfer(at=moment(at), kind=kind, by=_number_of(by), to=_number_of(to))
        for at, kind, by, to in sorted(found)
    )


def _number_of(peer: str) -> str:
    """`101@from-internal`, a local channel that asks first for a phone -> `101`."""
    return peer.partition("@")[0]


def _latest(picture: Picture, at: float, by: str) -> str:
    """Who was called last before an attended transfer that does not name its target."""
    called = [one for one in picture.channels if one.born < at and one.peer != by]
    called = [one for one in called if one is not picture.client]
    return max(called, key=lambda one: one.born).peer if called else ""


def _part_of(picture: Picture) -> str | None:
    if picture.gone_at is None:
        return None
    return min(picture.group.joined, key=lambda key: (picture.group.joined[key], key))
