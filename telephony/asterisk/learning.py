"""What each event says about channels and calls, written into the book. Pure."""

from __future__ import annotations

from collections.abc import Callable

from telephony.asterisk.book import Book
from telephony.asterisk.facts import peer
from telephony.asterisk.parse import AmiEvent, known


def learn(book: Book, event: AmiEvent, at: float) -> None:
    """Take one of the WANTED events that happened at `at`."""
    _HANDLERS[event["Event"]](book, event, at)


def _born(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.born = min(channel.born, at)
    channel.calling = event.get("ChannelStateDesc") == "Ring"
    channel.exten = event.get("Exten", "")
    channel.number = known(event.get("CallerIDNum")) or channel.number
    channel.caller_name = known(event.get("CallerIDName")) or channel.caller_name


def _state(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    if event.get("ChannelStateDesc") == "Up":
        channel.up_at = min(channel.up_at or at, at)


def _dial_begins(book: Book, event: AmiEvent, at: float) -> None:
    if known(event.get("Uniqueid")):
        book.channel(event, at)
    channel = book.channel(event, at, "Dest")
    channel.dialled_at = min(channel.dialled_at or at, at)
    channel.dial_string = event.get("DialString", "")


def _dial_ends(book: Book, event: AmiEvent, at: float) -> None:
    if known(event.get("Uniqueid")):
        book.channel(event, at)
    book.channel(event, at, "Dest").dial_ends.add((at, event.get("DialStatus", "")))


def _called(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at, "Dest").queued = True


def _enters(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    book.enter(channel, event["BridgeUniqueid"], at)
    swapped = book.group_of(event.get("SwapUniqueid", ""))
    if swapped is not None and (other := swapped.channels.get(event["SwapUniqueid"])):
        other.swapped = True


def _leaves(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).bridged.add((at, False, event["BridgeUniqueid"]))


def _hold(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).holds.add((at, event["Event"] == "Hold"))


def _music(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).music.add((at, event["Event"] == "MusicOnHoldStart"))


def _asked(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.asked_to_end = min(channel.asked_to_end or at, at)


def _hung(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.hung_at = min(channel.hung_at or at, at)
    channel.cause = _number(event.get("Cause"))
    channel.tech = _number(event.get("TechCause"))


def _queued(book: Book, event: AmiEvent, at: float) -> None:
    book.group_for(event, at).queue = event.get("Queue")


def _abandoned(book: Book, event: AmiEvent, at: float) -> None:
    book.group_for(event, at).gave_up = True


def _blind(book: Book, event: AmiEvent, at: float) -> None:
    if event.get("Result") != "Success":
        return
    by = event.get("TransfererChannel", "")
    group = book.group_of(event.get("TransfererUniqueid", "")) or book.where(by)
    if group is not None:
        group.blind.add((at, peer(by), event.get("Extension", "")))


def _attended(book: Book, event: AmiEvent, at: float) -> None:
    if event.get("Result") != "Success":
        return
    by = event.get("OrigTransfererChannel", "")
    to = event.get("TransferTargetChannel", "")
    group = book.group_of(event.get("OrigTransfererUniqueid", "")) or book.where(by)
    if group is not None:
        group.attended.add((at, peer(by), peer(to) if to else ""))


def _picked(book: Book, event: AmiEvent, at: float) -> None:
    picker, target = book.channel(event, at), book.channel(event, at, "Target")
    picker.picking = target.picked = True
    group = book.group_of(target.key)
    if group is not None:
        group.pickups.add((at, target.peer, picker.peer))


def _spies(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at, "Spyer").spying = True


def _logged(book: Book, event: AmiEvent, at: float) -> None:
    group = book.group_of(event.get("UniqueID", ""))
    if group is not None and (name := known(event.get("RecordingFile"))) and not group.recording:
        group.recording = name
        book.dirty.add(group.key)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


_HANDLERS: dict[str, Callable[[Book, AmiEvent, float], None]] = {
    "Newchannel": _born,
    "Newstate": _state,
    "DialBegin": _dial_begins,
    "DialEnd": _dial_ends,
    "AgentCalled": _called,
    "BridgeEnter": _enters,
    "BridgeLeave": _leaves,
    "Hold": _hold,
    "Unhold": _hold,
    "MusicOnHoldStart": _music,
    "MusicOnHoldStop": _music,
    "HangupRequest": _asked,
    "Hangup": _hung,
    "QueueCallerJoin": _queued,
    "QueueCallerAbandon": _abandoned,
    "BlindTransfer": _blind,
    "AttendedTransfer": _attended,
    "Pickup": _picked,
    "ChanSpyStart": _spies,
    "Cdr": _logged,
}
WANTED = frozenset(_HANDLERS)
