"""What is known of channels and calls: facts that may arrive in any order and more than once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from telephony.asterisk.spans import Span, switched

Kind = Literal["phone", "outside", "local"]
_PEER = re.compile(r"^[^/]+/(?P<peer>.+?)(?:-[0-9a-fA-F]{8})?(?:;\d)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which peers are phones of ours: those whose name matches `phones` and is no trunk.

    `ordered` begins the ids of calls that were ordered here, `silent` of those that are none.
    """

    phones: str = r"\d{2,6}"
    trunks: frozenset[str] = frozenset()
    ordered: str = "pult-"
    silent: str = "pult-listen-"

    def kind(self, channel: str) -> Kind:
        if channel.startswith("Local/"):
            return "local"
        name = peer(channel)
        inside = name not in self.trunks and re.fullmatch(self.phones, name)
        return "phone" if inside else "outside"


def peer(channel: str) -> str:
    """`PJSIP/101-0000001a` -> `101`."""
    found = _PEER.match(channel)
    return found["peer"] if found else channel


@dataclass(slots=True)
class Channel:
    """One channel; times are seconds of the PBX's clock."""

    key: str
    name: str
    kind: Kind
    born: float
    calling: bool = False
    exten: str = ""
    number: str | None = None
    caller_name: str = ""
    dialled_at: float | None = None
    dial_string: str = ""
    dial_ends: set[tuple[float, str]] = field(default_factory=set)
    queued: bool = False
    up_at: float | None = None
    bridged: set[tuple[float, bool, str]] = field(default_factory=set)
    holds: set[tuple[float, bool]] = field(default_factory=set)
    music: set[tuple[float, bool]] = field(default_factory=set)
    asked_to_end: float | None = None
    hung_at: float | None = None
    unheard: bool = False
    cause: int | None = None
    tech: int | None = None
    spying: bool = False
    swapped: bool = False
    picked: bool = False
    picking: bool = False

    @property
    def peer(self) -> str:
        return peer(self.name)

    @property
    def answered(self) -> float | None:
        """When a dialled channel was answered, as far as dialling told."""
        took = [at for at, status in self.dial_ends if status == "ANSWER"]
        return min(took, default=None if self.calling else self.up_at)

    def spans(self) -> list[Span]:
        """When it was connected to somebody."""
        found: list[Span] = []
        begun: tuple[float, str] | None = None
        for at, entered, bridge in sorted(self.bridged, key=lambda mark: (mark[0], mark[1])):
            if begun is not None and (entered or bridge == begun[1]):
                found.append((begun[0], at))
                begun = None
            if entered:
                begun = (at, bridge)
        if begun is not None:
            found.append((begun[0], self.hung_at))
        return found or self._unheard_spans()

    def _unheard_spans(self) -> list[Span]:
        """Who was answered, or left a bridge, was connected, even if nobody heard of it."""
        if (answered := self.answered) is not None:
            return [(answered, self.hung_at)]
        return [(at, at) for at, _, _ in sorted(self.bridged)[:1]]

    def held(self) -> list[Span]:
        """When it held the other side."""
        return switched(self.holds, self.hung_at)

    def waiting(self) -> list[Span]:
        """When it heard music."""
        return switched(self.music, self.hung_at)


@dataclass(slots=True)
class Group:
    """Channels with one linked id. `joined`: other groups it shared a bridge with, since when;
    `gapped`: some time of it was not watched."""

    key: str
    channels: dict[str, Channel] = field(default_factory=dict)
    queue: str | None = None
    gave_up: bool = False
    gapped: bool = False
    recording: str | None = None
    blind: set[tuple[float, str, str]] = field(default_factory=set)
    attended: set[tuple[float, str, str]] = field(default_factory=set)
    pickups: set[tuple[float, str, str]] = field(default_factory=set)
    joined: dict[str, float] = field(default_factory=dict)

    @property
    def real(self) -> list[Channel]:
        """Channels that lead to somebody, the one that began it first, then by age."""
        found = [one for one in self.channels.values() if one.kind != "local"]
        return sorted(found, key=lambda one: (one.key != self.key, one.born, one.key))

    @property
    def over(self) -> bool:
        return all(one.hung_at is not None for one in self.channels.values())
