"""One of our phones within a call, worked out from its channel's facts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from crm_core.calls.shapes import How, LegOutcome, LegSeen
from telephony.asterisk import spans
from telephony.asterisk.facts import Channel, Group

_DIAL: dict[str, LegOutcome] = {
    "ANSWER": "answered",
    "NOANSWER": "no_answer",
    "BUSY": "busy",
    "CHANUNAVAIL": "offline",
    "CONGESTION": "failed",
    "CANCEL": "cancelled",
}
# A phone that is let go says CANCEL after everything else it said.
_RANK = list(_DIAL)
# SIP 603, and the cause Asterisk makes of it.
DECLINED = {603, 21}
ELSEWHERE = 26


def dial_outcome(channel: Channel) -> LegOutcome | None:
    """How dialling it ended; None while nothing was told."""
    told = [status for _, status in channel.dial_ends if status in _DIAL]
    if not told:
        return _by_cause(channel)
    outcome = _DIAL[min(told, key=_RANK.index)]
    if outcome in {"busy", "no_answer"} and DECLINED & {channel.tech, channel.cause}:
        return "declined"
    if outcome in {"cancelled", "no_answer"} and channel.cause == ELSEWHERE:
        return "elsewhere"
    return outcome


def _by_cause(channel: Channel) -> LegOutcome | None:
    """When the end of dialling was missed."""
    if channel.hung_at is None or channel.dialled_at is None:
        return None
    known: dict[int, LegOutcome] = {17: "busy", 21: "declined", 19: "no_answer", 26: "elsewhere"}
    return known.get(channel.cause or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How a channel stands in its call: `moved` = since when it belongs to this one, `gone_at` =
    when the call went on elsewhere, `answered` = when the call was."""

    caller: bool
    moved: float | None
    gone_at: float | None
    answered: float | None


def leg_seen(channel: Channel, group: Group, place: Place) -> LegSeen:
    """The leg as it is now."""
    how = _how(channel, group, place)
    answered = _answered_at(channel, how, place)
    ended = channel.hung_at
    if place.gone_at is not None:
        ended = min(ended or place.gone_at, place.gone_at)
    talk = _within(channel.spans() or _since(answered, ended), answered, ended)
    held = spans.common(talk, channel.held())
    return LegSeen(
        key=channel.key,
        extension=_extension(channel),
        how=how,
        rang_at=_moment(channel.dialled_at or channel.born),
        answered_at=None if answered is None else _moment(answered),
        ended_at=None if ended is None else _moment(ended),
        outcome=_outcome(channel, answered, ended, place.answered),
        talk_seconds=round(_seconds(talk, ended) - _seconds(held, ended), 3),
        hold_seconds=round(_seconds(held, ended), 3),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(found: list[spans.Span], end: float | None) -> float:
    """Only of what is over: a leg that goes on has no length yet."""
    return 0.0 if end is None else spans.length(found, end)


def _since(begin: float | None, end: float | None) -> list[spans.Span]:
    return [] if begin is None else [(begin, end)]


def _within(found: list[spans.Span], begin: float | None, end: float | None) -> list[spans.Span]:
    return [] if begin is None else spans.common(found, [(begin, end)])


def _extension(channel: Channel) -> str:
    if channel.kind == "phone":
        return channel.peer[:64]
    return (channel.dial_string.partition("@")[0].rpartition("/")[2] or channel.peer)[:64]


def _how(channel: Channel, group: Group, place: Place) -> How:
    if channel.picking:
        return "pickup"
    if place.caller:
        return "caller" if channel.calling else "order"
    if channel.queued:
        return "queue"
    if place.moved is not None or _handed_to(channel, group):
        return "transfer"
    return "redirect" if _redirected(channel, group) else "ring"


def _handed_to(channel: Channel, group: Group) -> bool:
    """Dialled after somebody had handed the call on, or for somebody who asks first."""
    if any(at <= channel.born for at, _, _ in group.blind):
        return True
    return any(
        channel.born < at and to in {"", channel.peer} and by != channel.peer
        for at, by, to in group.attended
        if _after_talk(channel, group)
    )


def _after_talk(channel: Channel, group: Group) -> bool:
    """Whether somebody spoke in the call before this phone was dialled."""
    others = [one for one in group.channels.values() if one is not channel]
    begun = [span[0] for one in others for span in one.spans()]
    return bool(begun) and min(begun) < channel.born


def _redirected(channel: Channel, group: Group) -> bool:
    """Dialled for somebody who had spoken already, and nobody had handed them on."""
    if channel.kind != "phone" or not _after_talk(channel, group):
        return False
    return not any(one.kind == "local" and one.hung_at is None for one in group.channels.values())


def _answered_at(channel: Channel, how: How, place: Place) -> float | None:
    if place.moved is not None and how != "pickup":
        return place.moved
    if how in {"caller", "order"}:
        return place.answered
    took = channel.answered
    begun = [span[0] for span in channel.spans()]
    return took if took is not None else min(begun, default=None)


def _outcome(
    channel: Channel, answered: float | None, ended: float | None, call_answered: float | None
) -> LegOutcome | None:
    if ended is None:
        told = dial_outcome(channel)
        return told if told not in {"answered", None} else None
    if answered is not None:
        return "answered"
    if channel.picked:
        return "elsewhere"
    told = dial_outcome(channel)
    if told in {"cancelled", None} and call_answered is not None and call_answered <= ended + 0.05:
        return "elsewhere" if told else None
    return None if told == "answered" else told
