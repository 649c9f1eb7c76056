"""What events say about single channels: born, dialled, bridged, held, hung up. Pure."""

from __future__ import annotations

from telephony.asterisk.book import Book
from telephony.asterisk.parse import AmiEvent, known


def born(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.born = min(channel.born, at)
    channel.calling = event.get("ChannelStateDesc") == "Ring"
    channel.exten = event.get("Exten", "")
    channel.number = known(event.get("CallerIDNum")) or channel.number
    channel.caller_name = known(event.get("CallerIDName")) or channel.caller_name


def state(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    if event.get("ChannelStateDesc") == "Up":
        channel.up_at = min(channel.up_at or at, at)


def dial_begins(book: Book, event: AmiEvent, at: float) -> None:
    if known(event.get("Uniqueid")):
        book.channel(event, at)
    channel = book.channel(event, at, "Dest")
    channel.dialled_at = min(channel.dialled_at or at, at)
    channel.dial_string = event.get("DialString", "")


def dial_ends(book: Book, event: AmiEvent, at: float) -> None:
    if known(event.get("Uniqueid")):
        book.channel(event, at)
    book.channel(event, at, "Dest").dial_ends.add((at, event.get("DialStatus", "")))


def called(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at, "Dest").queued = True


def enters(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    book.enter(channel, event["BridgeUniqueid"], at)
    swapped = book.group_of(event.get("SwapUniqueid", ""))
    if swapped is not None and (other := swapped.channels.get(event["SwapUniqueid"])):
        other.swapped = True


def leaves(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).bridged.add((at, False, event["BridgeUniqueid"]))


def hold(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).holds.add((at, event["Event"] == "Hold"))


def music(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at).music.add((at, event["Event"] == "MusicOnHoldStart"))


def asked(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.asked_to_end = min(channel.asked_to_end or at, at)


def hung(book: Book, event: AmiEvent, at: float) -> None:
    channel = book.channel(event, at)
    channel.hung_at = min(channel.hung_at or at, at)
    channel.cause = _number(event.get("Cause"))
    channel.tech = _number(event.get("TechCause"))


def spies(book: Book, event: AmiEvent, at: float) -> None:
    book.channel(event, at, "Spyer").spying = True


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
