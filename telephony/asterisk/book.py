"""The book of facts: groups, their channels, who shares a bridge with whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from telephony.asterisk.facts import Channel, Group, Rules
from telephony.asterisk.parse import AmiEvent, known


class Book:
    """Facts of one PBX; `dirty` holds the groups that something new is known of."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.groups: dict[str, Group] = {}
        self.dirty: set[str] = set()
        self._group_of: dict[str, Group] = {}
        self._keys: dict[str, str] = {}
        self._bridges: dict[str, dict[str, float]] = {}

    def __len__(self) -> int:
        return len(self.groups) + len(self._group_of) + len(self._keys) + len(self._bridges)

    def __contains__(self, key: str) -> bool:
        """Whether a channel is known."""
        return key in self._group_of

    def group_of(self, key: str) -> Group | None:
        """The group of a channel."""
        return self._group_of.get(key)

    def together(self, keys: Iterable[str]) -> set[str]:
        """Groups and those they were joined with."""
        found, more = set(), set(keys)
        while more:
            found |= more
            more = {
                other for key in more if key in self.groups for other in self.groups[key].joined
            } - found
        return {key for key in found if key in self.groups}

    def forget(self, key: str) -> None:
        group = self.groups.pop(key)
        for channel in group.channels.values():
            self._group_of.pop(channel.key, None)
            self._keys.pop(channel.name, None)
        for bridge in {one for each in group.channels.values() for _, _, one in each.bridged}:
            self._bridges.pop(bridge, None)

    def channel(self, event: AmiEvent, at: float, prefix: str = "") -> Channel:
        """The channel an event speaks of; made when it is new here."""
        key = event[f"{prefix}Uniqueid"]
        group = self._group_of.get(key)
        if group is None:
            linked = event.get(f"{prefix}Linkedid") or key
            group = self.groups.get(linked)
            if group is None:
                group = self.groups[linked] = Group(linked)
            self._group_of[key] = group
            self._keys[event[f"{prefix}Channel"]] = key
        channel = group.channels.get(key)
        if channel is None:
            channel = _made(event, at, prefix, self.rules)
            group.channels[key] = channel
        self.dirty.add(group.key)
        return channel

    def named(self, name: str | None) -> Channel | None:
        key = self._keys.get(name or "")
        group = self._group_of.get(key or "")
        if key is None or group is None:
            return None
        self.dirty.add(group.key)
        return group.channels.get(key)

    def group_for(self, event: AmiEvent, at: float) -> Group:
        channel = self.channel(event, at)
        return self._group_of[channel.key]

    def enter(self, channel: Channel, bridge: str, at: float) -> None:
        channel.bridged.add((at, True, bridge))
        group = self._group_of[channel.key]
        members = self._bridges.setdefault(bridge, {})
        members[group.key] = min(members.get(group.key, at), at)
        for other, came in members.items():
            if other != group.key and other in self.groups:
                since = max(came, members[group.key])
                for one, two in ((group, other), (self.groups[other], group.key)):
                    one.joined[two] = min(one.joined.get(two, since), since)

    def where(self, name: str) -> Group | None:
        channel = self.named(name)
        return None if channel is None else self._group_of[channel.key]


def _made(event: AmiEvent, at: float, prefix: str, rules: Rules) -> Channel:
    name = event[f"{prefix}Channel"]
    return Channel(
        key=event[f"{prefix}Uniqueid"],
        name=name,
        kind=rules.kind(name),
        born=at,
        number=known(event.get(f"{prefix}CallerIDNum")),
        caller_name=known(event.get(f"{prefix}CallerIDName")) or "",
    )
