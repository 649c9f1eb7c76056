"""A chat of Viber as a screen of the stage: lines, media, keys."""

from __future__ import annotations

from sandbox.botapi.images import image_size
from sandbox.stage.config import Json
from sandbox.stage.windows import Key, Line, Media, Screen
from sandbox.viber.state import Chat, Said

STATES = {"seen": "read", "delivered": "delivered", "failed": "failed"}
KINDS = {"picture": "photo", "video": "video", "file": "document"}


def screen_of(chat: Chat) -> Screen:
    return Screen(
        lines=tuple(_line(number, said) for number, said in enumerate(chat.said, 1)),
        keys=_keys(chat.keyboard),
        started=chat.opened or bool(chat.said),
        blocked=chat.left,
    )


def _line(number: int, said: Said) -> Line:
    body = said.body
    place, card = body.get("location"), body.get("contact")
    return Line(
        id=number,
        mine=said.mine,
        at=said.at,
        text=str(body.get("text") or (body.get("media") if body["type"] == "url" else "") or ""),
        author=said.sender,
        media=_media(said),
        place=(float(place["lat"]), float(place["lon"])) if place else None,
        contact=(card["name"], card["phone_number"]) if card else None,
        state=STATES.get(said.state, "sent") if said.mine else "sent",
    )


def _media(said: Said) -> tuple[Media, ...]:
    if said.file is None:
        return ()
    size = image_size(said.file.data)
    return (
        Media(
            id=said.file.id,
            kind=KINDS.get(said.body["type"], "document"),
            name=said.file.name,
            size=len(said.file.data),
            width=size[0] if size else None,
            height=size[1] if size else None,
        ),
    )


def _keys(keyboard: Json | None) -> tuple[tuple[Key, ...], ...]:
    """Buttons in rows of six columns."""
    rows: list[tuple[Key, ...]] = []
    row: list[Key] = []
    filled = 0
    for button in (keyboard or {}).get("Buttons", []):
        width = button.get("Columns", 6)
        if row and filled + width > 6:
            rows.append(tuple(row))
            row, filled = [], 0
        row.append(Key(text=button["Text"], data=button["ActionBody"]))
        filled += width
    return (*rows, tuple(row)) if row else tuple(rows)
