"""A window as the page knows phones: the same JSON as a screen of the sandbox's Telegram."""

from __future__ import annotations

import itertools

from sandbox.stage.config import Json
from sandbox.stage.windows import Key, Line, Media, Screen, Window

SEPARATOR = "~"
"""Between a window's id and a file's in the address of a file."""


def window_person(window: Window) -> Json:
    """The owner, as one of the stage's people."""
    info = window.info
    return {
        "key": info.id,
        "user": info.id,
        "bot": info.id,
        "name": info.name,
        "about": info.about,
        "emoji": info.emoji,
        "colour": info.colour,
        "phone": "",
        "skin": info.skin,
        "can": sorted(info.can),
    }


def window_bot(window: Window) -> Json:
    """Who stands at the other end, in the place of a bot."""
    info = window.info
    return {
        "id": info.id,
        "name": info.title,
        "username": None,
        "description": {},
        "can_open_topics": False,
    }


def window_screen(window: Window, now: float, rev: int) -> Json:
    """The window's screen; `rev` rises, `now` is the server's time."""
    screen = window.screen()
    return _EMPTY | {
        "key": window.info.id,
        "rev": rev,
        "now": now,
        "started": screen.started,
        "blocked": screen.blocked,
        "messages": list(
            itertools.chain.from_iterable(_messages(window.info.id, line) for line in screen.lines)
        ),
        "reply_keyboard": _keyboard(screen),
        "action": _typing(screen, now),
    }


_EMPTY: Json = {
    "topics": [],
    "pinned": [],
    "drafts": [],
    "commands": [],
    "menu_button": None,
}


def _keyboard(screen: Screen) -> Json | None:
    rows = [[{"text": key.text, "data": key.data} for key in row] for row in screen.keys]
    return {"keyboard": rows} if rows else None


def _typing(screen: Screen, now: float) -> Json | None:
    if screen.typing_until <= now:
        return None
    return {"action": "typing", "until": screen.typing_until}


def _messages(window_id: str, line: Line) -> list[Json]:
    """A line with several files is an album: one message of the page each, words at the first."""
    medias: tuple[Media | None, ...] = line.media or (None,)
    found = []
    for number, media in enumerate(medias):
        message = _message(window_id, line) if number == 0 else _bare(window_id, line)
        message["media"] = _media(window_id, media) if media else None
        message["group_id"] = f"{line.id}" if len(medias) > 1 else None
        # Fractions keep the order and never meet another line's id.
        message["message_id"] = line.id + number / 100
        found.append(message)
    return found


def _bare(window_id: str, line: Line) -> Json:
    who = "me" if line.mine else f"{window_id}/{line.author}"
    return {
        "thread_id": None,
        "from": {"id": who, "name": line.author, "is_bot": not line.mine},
        "mine": line.mine,
        "date": line.at,
        "edited": line.edited,
        "silent": False,
        "reply_to": None,
        "quote": None,
        "forwarded_from": None,
        "entities": [],
        "keyboard": [],
        "reactions": [],
        "service": None,
        "text": None,
        "caption": None,
        "contact": None,
        "location": None,
        "venue": None,
        "state": line.state,
    }


def _message(window_id: str, line: Line) -> Json:
    found = _bare(window_id, line) | {
        "text": line.text or None,
        "subject": line.subject or None,
        "author": None if line.mine else line.author or None,
        "reply_to": line.reply_to,
        "keyboard": [[_button(key) for key in row] for row in line.keys],
    }
    if line.place:
        found["location"] = {"latitude": line.place[0], "longitude": line.place[1]}
    if line.contact:
        found["contact"] = {"first_name": line.contact[0], "phone_number": line.contact[1]}
    return found


def _button(key: Key) -> Json:
    target = {"url": key.url} if key.url else {"callback_data": key.data}
    return {"text": key.text, "style": key.style or None} | target


def _media(window_id: str, media: Media) -> Json:
    return {
        "kind": media.kind,
        "file": f"{window_id}{SEPARATOR}{media.id}",
        "name": media.name or None,
        "size": media.size,
        "width": media.width,
        "height": media.height,
        "duration": media.duration,
        "emoji": media.emoji or None,
    }
