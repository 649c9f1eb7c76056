"""A group of channels looked at as a call: who began it, whose talk counts, who came over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.calls.shapes import Direction
from telephony.asterisk.facts import Channel, Group, Rules

# What hangs up within this time of two calls' joining has handed over and gone.
HANDED_OVER = 0.5


@dataclass(slots=True)
class Picture:
    """A group while it is looked at. `client` is the channel whose talk counts."""

    group: Group
    rules: Rules
    now: float
    channels: list[Channel]
    first: Channel
    direction: Direction
    client: Channel | None
    moved: dict[str, float]
    gone_at: float | None = None

    def legs(self) -> list[Channel]:
        """Our phones, and outside numbers that were rung instead of one."""
        return [
            one
            for one in self.channels
            if one is not self.client or (self.direction == "internal" and one.kind == "phone")
        ]


def picture_of(group: Group, others: Sequence[Group], rules: Rules, now: float) -> Picture | None:
    own = [one for one in group.real if not one.spying]
    if not own or group.key.startswith(rules.silent):
        return None
    main = _main([group, *others])
    channels = list(own)
    moved: dict[str, float] = {}
    if main is group:
        for other in others:
            if other.key in group.joined:
                came = _came_over(other, group.joined[other.key])
                moved |= dict.fromkeys((one.key for one in came), group.joined[other.key])
                channels += came
    first = own[0]
    direction = _direction(first, own)
    left = None if main is group else min(group.joined.values(), default=None)
    client = _client(direction, first, own)
    return Picture(group, rules, now, channels, first, direction, client, moved, left)


def _main(groups: Sequence[Group]) -> Group:
    """Of groups that were joined the one with the outside party, else the oldest."""

    def order(group: Group) -> tuple[bool, float, str]:
        real = group.real
        outside = any(one.kind == "outside" for one in real)
        return (not outside, real[0].born if real else 0.0, group.key)

    return min(groups, key=order)


def _came_over(other: Group, since: float) -> list[Channel]:
    """Channels that stayed in the call into which their own was joined."""
    return [one for one in other.real if not one.spying and (one.picking or _stayed(one, since))]


def _stayed(channel: Channel, since: float) -> bool:
    if channel.swapped:
        return False
    return channel.hung_at is None or channel.hung_at > since + HANDED_OVER


def _direction(first: Channel, own: Sequence[Channel]) -> Direction:
    if first.kind == "outside" and first.calling:
        return "inbound"
    if any(one.kind == "outside" for one in own) or is_outside_number(first.exten):
        return "outbound"
    # A phone rung by order is about to call somebody outside, as long as nothing says otherwise.
    return "internal" if len(own) > 1 or first.calling else "outbound"


def is_outside_number(exten: str) -> bool:
    return exten.startswith("+") or (exten.isdecimal() and len(exten) > 6)


def _client(direction: Direction, first: Channel, own: Sequence[Channel]) -> Channel | None:
    """Whose talk is the call's: the outside party, or the one who calls a colleague."""
    if direction != "outbound":
        return first
    outside = [one for one in own if one.kind == "outside"]
    return next((one for one in outside if one.spans()), outside[-1] if outside else None)
