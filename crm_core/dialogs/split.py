"""Cuts one outgoing message into the parts a channel can carry. Pure.

Order of parts: files (with the text as caption where it fits), text, contact, location.
No part's text begins or ends with whitespace: what stands at a cut is dropped, nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from crm_core.dialogs.cutting import pieces
from crm_core.dialogs.messages import (
    Button,
    Capabilities,
    ContactCard,
    Entity,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)
from crm_core.kernel.text import clip_span, utf16_len, utf16_offsets, utf16_slice

NO_CAPTION = frozenset({Kind.STICKER, Kind.VIDEO_NOTE})
ALBUM_OF = {
    Kind.PHOTO: "visual",
    Kind.VIDEO: "visual",
    Kind.DOCUMENT: "document",
    Kind.AUDIO: "audio",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What somebody wants to send, before any channel's limits."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[OutFile, ...] = ()
    contact: ContactCard | None = None
    location: Location | None = None
    reply_to: str | None = None
    author: str | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part without its place in the row."""

    kind: Kind = Kind.TEXT
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[OutFile, ...] = ()
    contact: ContactCard | None = None
    location: Location | None = None


def parts_of(content: Content, caps: Capabilities, *, key: str) -> list[OutboundPart]:
    """The requests that carry `content` within `caps`; keys are `key:0`, `key:1`, …

    `reply_to` stands on the first part only, `buttons` on the last. Empty content gives no parts.
    """
    found = list(_pieces(_with_labels(content, caps), caps))
    last = len(found) - 1
    return [
        OutboundPart(
            key=f"{key}:{number}",
            kind=piece.kind,
            text=piece.text,
            entities=piece.entities,
            files=piece.files,
            contact=piece.contact,
            location=piece.location,
            reply_to=None if number else content.reply_to,
            author=content.author,
            extra=content.extra,
            buttons=content.buttons if caps.buttons and number == last else (),
        )
        for number, piece in enumerate(found)
    ]


def _with_labels(content: Content, caps: Capabilities) -> Content:
    """Buttons as numbered lines under the text, where the channel has none or they would have
    nothing to stand under."""
    if not content.buttons or (caps.buttons and not _is_bare_album(content, caps)):
        return content
    buttons = [button for row in content.buttons for button in row]
    labels = [
        f"{number}. {button.text}" + (f": {button.url}" if button.url else "")
        for number, button in enumerate(buttons, 1)
    ]
    text = content.text.rstrip()
    return replace(content, text="\n".join([text, "", *labels] if text else labels))


def _is_bare_album(content: Content, caps: Capabilities) -> bool:
    """Nothing but files, the last of them in one request: such a request bears no buttons."""
    rest = content.text.strip() or content.contact or content.location
    runs = () if rest else tuple(_runs(content.files, caps))
    return bool(runs) and len(runs[-1]) > 1


def _pieces(content: Content, caps: Capabilities) -> Iterator[_Piece]:
    text, entities = _as_carried(content.text, content.entities, caps)
    albums = [_Piece(kind=run[0].kind, files=run) for run in _runs(content.files, caps)]
    # Albums bear no buttons: the text stays a part of its own, for them to stand under.
    grouped = bool(content.buttons) and any(len(album.files) > 1 for album in albums)
    caption = None if grouped else _caption(text, entities, caps)
    bearer = next((n for n, album in enumerate(albums) if album.kind not in NO_CAPTION), None)
    if caption is not None and bearer is not None:
        albums[bearer] = replace(albums[bearer], text=caption.text, entities=caption.entities)
        text = ""
    yield from albums
    yield from _texts(text, entities, caps)
    if Kind.DOCUMENT not in caps.kinds:
        names = (file.name for file in content.files if file.kind not in caps.kinds)
        yield from _texts("\n".join(names), (), caps)
    if content.contact is not None:
        yield from _contact(content.contact, caps)
    if content.location is not None:
        yield from _location(content.location, caps)


def _as_carried(
    text: str, entities: tuple[Entity, ...], caps: Capabilities
) -> tuple[str, tuple[Entity, ...]]:
    """Where formatting is unknown, a link hidden behind words is written out after them."""
    if caps.entities:
        return text, entities
    offsets = utf16_offsets(text)
    links = {
        e.offset + e.length: e.url
        for e in entities
        if e.url and e.url != utf16_slice(text, e.offset, e.length)
    }
    for end, url in sorted(links.items(), reverse=True):
        if end in offsets:
            at = offsets.index(end)
            text = f"{text[:at]} ({url}){text[at:]}"
    return text, ()


def _texts(text: str, entities: tuple[Entity, ...], caps: Capabilities) -> Iterator[_Piece]:
    offsets = utf16_offsets(text)
    spans = [(entity.offset, entity.offset + entity.length) for entity in entities]
    for start, end in pieces(text, caps.text_limit, spans):
        yield _Piece(text=text[start:end], entities=_within(entities, offsets[start], offsets[end]))


def _caption(text: str, entities: tuple[Entity, ...], caps: Capabilities) -> _Piece | None:
    """The whole text as one caption, or None when there is none or it does not fit."""
    if not text.strip() or utf16_len(text.strip()) > caps.caption_limit:
        return None
    return next(_texts(text, entities, replace(caps, text_limit=caps.caption_limit)))


def _within(entities: tuple[Entity, ...], start: int, end: int) -> tuple[Entity, ...]:
    """Entities clipped to a UTF-16 span and counted from its start."""
    clipped = ((e, clip_span(e.offset, e.length, start, end)) for e in entities)
    return tuple(replace(e, offset=span[0], length=span[1]) for e, span in clipped if span)


def _runs(files: tuple[OutFile, ...], caps: Capabilities) -> Iterator[tuple[OutFile, ...]]:
    """Neighbouring files that may share an album, at most `album_max` each; order is kept."""
    for family, group in groupby(_carried(files, caps), key=lambda file: ALBUM_OF.get(file.kind)):
        run = tuple(group)
        size = max(caps.album_max, 1) if family else 1
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _carried(files: tuple[OutFile, ...], caps: Capabilities) -> Iterator[OutFile]:
    for file in files:
        if file.kind in caps.kinds:
            yield file
        elif Kind.DOCUMENT in caps.kinds:
            yield replace(file, kind=Kind.DOCUMENT)


def _contact(card: ContactCard, caps: Capabilities) -> Iterator[_Piece]:
    if Kind.CONTACT in caps.kinds:
        yield _Piece(kind=Kind.CONTACT, contact=card)
    else:
        yield from _texts(", ".join(filter(None, (card.name, card.phone))), (), caps)


def _location(place: Location, caps: Capabilities) -> Iterator[_Piece]:
    if Kind.LOCATION in caps.kinds:
        yield _Piece(kind=Kind.LOCATION, location=place)
        return
    point = f"{place.latitude:.6f},{place.longitude:.6f}"
    link = f"https://maps.google.com/?q={point}"
    yield from _texts("\n".join(filter(None, (place.title, place.address, link))), (), caps)
