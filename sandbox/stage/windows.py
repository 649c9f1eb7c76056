"""Windows of other channels: what a provider's double shows of one client's phone on the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.stage.config import Json, Words
from sandbox.stage.errors import StageError
from sandbox.stage.request import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowInfo:
    """Whose window it is and how it looks; stays the same for the life of the process.

    `skin` is a style of the page (`viber`, `vk`, `sms`, `mail`), `title` who stands at the other
    end. `can` names the acts its owner is offered: text, photos, files, voice, location, contact,
    reply, read, block, subject (a letter's subject beside the text).
    """

    id: str
    name: Words
    title: Words
    skin: str
    about: Words = ""
    emoji: str = ""
    colour: str = ""
    can: frozenset[str] = frozenset({"text", "read"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of a line: `kind` is photo, video, voice, audio, animation, sticker or document.

    `id` is what `Window.file` is asked for; `duration` in seconds.
    """

    id: str
    kind: str = "document"
    name: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button: pressed as `press` with `data`, or a link."""

    text: str
    data: str = ""
    url: str = ""
    style: str = ""  # primary | danger | success


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. Ids rise; `mine` is the owner's own, `state` (sent, delivered, read, failed)
    draws its tick; `place` is (latitude, longitude), `contact` is (name, phone)."""

    id: int
    mine: bool
    at: float
    text: str = ""
    subject: str = ""
    author: str = ""
    media: tuple[Media, ...] = ()
    place: tuple[float, float] | None = None
    contact: tuple[str, str] | None = None
    keys: tuple[tuple[Key, ...], ...] = ()
    reply_to: int | None = None
    edited: bool = False
    state: str = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is seen now. `keys` stand under the place one writes in; `typing_until` in Unix
    seconds; `started` False shows a button that does the act `start`."""

    lines: tuple[Line, ...] = ()
    keys: tuple[tuple[Key, ...], ...] = ()
    typing_until: float = 0.0
    started: bool = True
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The content of a file that stands in a line."""

    data: bytes
    mime: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAct:
    """What the owner does; `body` is as the page sent it, `uploads` are files (voice: one)."""

    name: str
    body: Json = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    def text(self, key: str = "text", limit: int = 4096) -> str:
        value = str(self.body.get(key) or "").strip()
        if len(value) > limit:
            raise StageError("too_long")
        return value

    def number(self, key: str) -> int | None:
        value = self.body.get(key)
        return value if isinstance(value, int) else None

    def place(self) -> tuple[float, float]:
        try:
            return float(self.body["latitude"]), float(self.body["longitude"])
        except (KeyError, TypeError, ValueError):
            raise StageError("bad_request") from None


class Window(Protocol):
    """One client's window of one channel; the double of the provider implements it."""

    @property
    def info(self) -> WindowInfo: ...

    def screen(self) -> Screen:
        """What is on the screen now; asked after every change."""

    async def act(self, act: WindowAct) -> Json:
        """Do it. May answer `{"toast": text}`, `{"alert": text}` or `{"url": address}`.

        Raises StageError(code) when it can't be done.
        """

    def file(self, file_id: str) -> Shown:
        """Content of a file of this window; LookupError when there is none."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change of the screen until the returned function is called."""


class Watchers:
    """Keeps who watches a window: `watch` for the protocol, `tell` after a change."""

    def __init__(self) -> None:
        self._all: dict[object, Callable[[], None]] = {}

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        key = object()
        self._all[key] = changed
        return lambda: self._all.pop(key, None) and None

    def tell(self) -> None:
        for changed in list(self._all.values()):
            changed()
