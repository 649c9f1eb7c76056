"""The call tracker: AMI events in, calls as they are now out. Pure; no input or output of its own.

Events are kept as facts of channels and groups of channels (one linked id each); what they mean is
worked out by `view`. So the order in which facts come, and how often, does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from crm_core.calls.shapes import CallSeen
from telephony.asterisk.book import Book
from telephony.asterisk.facts import Rules
from telephony.asterisk.learning import WANTED, learn
from telephony.asterisk.lines import Lines
from telephony.asterisk.parse import AmiEvent, known
from telephony.asterisk.picture import picture_of
from telephony.asterisk.restoring import restored, unwatched
from telephony.asterisk.view import view

# Facts about an ended call (its log record, the other leg's end) still come for a while.
LINGER = 10.0
DIALLED = frozenset({"AppDial", "AppDial2", "AppQueue"})


class Tracker:
    """Calls of one PBX. `feed` events, then take `changed`."""

    def __init__(self, rules: Rules | None = None) -> None:
        self._book = Book(rules or Rules())
        self._told: dict[str, CallSeen] = {}
        self._before: dict[str, CallSeen] = {}
        self._ended: dict[str, float] = {}
        self._now = 0.0

    def __len__(self) -> int:
        """How much is held in memory."""
        return len(self._book) + len(self._told) + len(self._ended)

    def feed(self, event: AmiEvent, at: float) -> None:
        """Take one event; `at` is when it came, for PBXs that write no time on events."""
        if event.get("Event") in WANTED:
            stamp = event.get("Timestamp")
            moment = float(stamp) if stamp else at
            self._now = max(self._now, moment)
            learn(self._book, event, moment)

    def changed(self) -> list[CallSeen]:
        """Calls that look different from when they were taken last; ended ones are let go."""
        found = []
        for key in sorted(self._book.together(self._book.dirty)):
            seen = self._view(key)
            if seen is not None and seen != self._told.get(key):
                self._told[key] = seen
                found.append(seen)
        self._book.dirty.clear()
        self._let_go()
        return sorted(found, key=lambda seen: seen.started_at)

    def lines(self, key: str) -> Lines | None:
        """Living channels of a call; None when it is not known (any more)."""
        group = self._book.groups.get(key)
        if group is None:
            return None
        others = [self._book.groups[one] for one in self._book.together([key]) if one != key]
        picture = picture_of(group, others, self._book.rules, self._now)
        if picture is None:
            return None
        there = [one for one in picture.channels if one.hung_at is None and not one.spying]
        client = picture.client if picture.client in there else None
        phones = {one.peer: one.name for one in there if one.kind == "phone"}
        if client is not None and client.kind == "phone":
            phones.pop(client.peer, None)
        return Lines(None if client is None else client.name, phones)

    def talking(self, key: str) -> bool:
        """Whether somebody speaks with the other side at this moment."""
        seen = self._told.get(key)
        return seen is not None and seen.state in {"talking", "held"}

    def holds(self, key: str) -> bool:
        """Whether this call is being watched, so that nobody else need tell of it."""
        return key in self._book.groups

    def cause(self, key: str) -> int | None:
        """Why the channel a call began with hung up."""
        group = self._book.groups.get(key)
        first = group.channels.get(key) if group else None
        return None if first is None else first.cause

    def restore(self, calls: Iterable[CallSeen]) -> None:
        """Calls that lived when this process last looked: what it knew is not forgotten."""
        self._before = {seen.key: seen for seen in calls}

    def resync(self, living: Iterable[AmiEvent], at: float) -> list[CallSeen]:
        """The PBX's whole list of channels at `at`: others have gone, unheard.

        Returns restored calls that are over.
        """
        there = {one["Uniqueid"]: one for one in living}
        for group in self._book.groups.values():
            group.gapped = group.gapped or not group.over
            for channel in group.channels.values():
                if channel.key not in there and channel.hung_at is None:
                    channel.hung_at, channel.unheard = at, True
                    self._book.dirty.add(group.key)
        for one in there.values():
            self._adopt(one, at)
        gone = [key for key in self._before if key not in self._book.groups]
        return [unwatched(self._before.pop(key), at) for key in gone]

    def _adopt(self, event: AmiEvent, at: float) -> None:
        """A channel of the PBX's list that may be new to us."""
        fresh = event["Uniqueid"] not in self._book
        channel = self._book.channel(event, at - _seconds(event.get("Duration", "")))
        if (group := self._book.group_of(channel.key)) is not None:
            group.gapped = True
        if event.get("ChannelStateDesc") == "Up" and channel.up_at is None:
            channel.up_at = at
        channel.spying = channel.spying or event.get("Application") == "ChanSpy"
        bridge = known(event.get("BridgeId"))
        if bridge and all(one != bridge for _, _, one in channel.bridged):
            self._book.enter(channel, bridge, at)
        if fresh:
            channel.calling = event.get("Application") not in DIALLED
            channel.exten = channel.exten or event.get("Exten", "")

    def _view(self, key: str) -> CallSeen | None:
        group = self._book.groups[key]
        others = [self._book.groups[one] for one in self._book.together([key]) if one != key]
        seen = view(group, others, self._book.rules, self._now)
        if seen is not None and key in self._before:
            seen = restored(self._before[key], seen)
        if group.over if seen is None else seen.state == "ended":
            self._ended.setdefault(key, self._now)
        return seen

    def _let_go(self) -> None:
        gone = [key for key, at in self._ended.items() if at < self._now - LINGER]
        for key in gone:
            together = self._book.together([key])
            if all(self._book.groups[one].over for one in together):
                for one in together:
                    self._book.forget(one)
                    for store in (self._told, self._ended, self._before):
                        store.pop(one, None)


def _seconds(clock: str) -> float:
    """`00:01:07` of a channel list."""
    total = 0
    for part in clock.split(":"):
        total = total * 60 + (int(part) if part.isdecimal() else 0)
    return float(total)
