"""What events say about a call as a whole: its queue, its transfers, its recording. Pure."""

from __future__ import annotations

from telephony.asterisk.book import Book
from telephony.asterisk.facts import peer
from telephony.asterisk.parse import AmiEvent, known


def queued(book: Book, event: AmiEvent, at: float) -> None:
    book.group_for(event, at).queue = event.get("Queue")


def abandoned(book: Book, event: AmiEvent, at: float) -> None:
    book.group_for(event, at).gave_up = True


def blind(book: Book, event: AmiEvent, at: float) -> None:
    if event.get("Result") != "Success":
        return
    by = event.get("TransfererChannel", "")
    group = book.group_of(event.get("TransfererUniqueid", "")) or book.where(by)
    if group is not None:
        group.blind.add((at, peer(by), event.get("Extension", "")))


def attended(book: Book, event: AmiEvent, at: float) -> None:
    if event.get("Result") != "Success":
        return
    by = event.get("OrigTransfererChannel", "")
    to = event.get("TransferTargetChannel", "")
    group = book.group_of(event.get("OrigTransfererUniqueid", "")) or book.where(by)
    if group is not None:
        group.attended.add((at, peer(by), peer(to) if to else ""))


def picked(book: Book, event: AmiEvent, at: float) -> None:
    picker, target = book.channel(event, at), book.channel(event, at, "Target")
    picker.picking = target.picked = True
    group = book.group_of(target.key)
    if group is not None:
        group.pickups.add((at, target.peer, picker.peer))


def logged(book: Book, event: AmiEvent, at: float) -> None:
    group = book.group_of(event.get("UniqueID", ""))
    if group is not None and (name := known(event.get("RecordingFile"))) and not group.recording:
        group.recording = name
        book.dirty.add(group.key)
