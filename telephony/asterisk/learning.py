"""Which events are wanted, and who writes each of them into the book. Pure."""

from __future__ import annotations

from collections.abc import Callable

from telephony.asterisk.book import Book
from telephony.asterisk.channelevents import (
    asked,
    born,
    called,
    dial_begins,
    dial_ends,
    enters,
    hold,
    hung,
    leaves,
    music,
    spies,
    state,
)
from telephony.asterisk.groupevents import abandoned, attended, blind, logged, picked, queued
from telephony.asterisk.parse import AmiEvent


def learn(book: Book, event: AmiEvent, at: float) -> None:
    """Take one of the WANTED events that happened at `at`."""
    _HANDLERS[event["Event"]](book, event, at)


_HANDLERS: dict[str, Callable[[Book, AmiEvent, float], None]] = {
    "Newchannel": born,
    "Newstate": state,
    "DialBegin": dial_begins,
    "DialEnd": dial_ends,
    "AgentCalled": called,
    "BridgeEnter": enters,
    "BridgeLeave": leaves,
    "Hold": hold,
    "Unhold": hold,
    "MusicOnHoldStart": music,
    "MusicOnHoldStop": music,
    "HangupRequest": asked,
    "Hangup": hung,
    "QueueCallerJoin": queued,
    "QueueCallerAbandon": abandoned,
    "BlindTransfer": blind,
    "AttendedTransfer": attended,
    "Pickup": picked,
    "ChanSpyStart": spies,
    "Cdr": logged,
}
WANTED = frozenset(_HANDLERS)
