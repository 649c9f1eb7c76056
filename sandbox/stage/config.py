"""What the application tells the stage: who is on it, which widget, how to reset, what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from sandbox.stage.telephone import Telephone
    from sandbox.stage.windows import Window

Json = dict[str, Any]
Words = str | Mapping[str, str]
"""A text for people: one for all languages, or one per language (`{"ru": …, "en": …}`)."""


class LogLine(TypedDict):
    """One line of the live view. Ids rise; `at` is Unix seconds; `tone` colours the sign."""

    id: int
    at: float
    text: Words
    icon: NotRequired[str]
    tone: NotRequired[str]  # client | manager | system | good | bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a phone: a sandbox user and the bot this phone is open on."""

    user_id: int
    bot_id: int
    name: Words
    about: Words = ""
    emoji: str = ""
    colour: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return f"{self.user_id}:{self.bot_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageConfig:
    """The stage of one demo. `texts` overrides single texts by language and key.

    `log` gives the lines with an id above its argument, oldest first. `loopback_only` also
    refuses requests that come from, or are addressed to, anything but this machine. `windows` are
    clients of other channels; they stand beside `clients`. With a `telephone` clients may ring.
    `form` is the address of the script that draws the sample shop's form.
    """

    clients: Sequence[Person]
    managers: Sequence[Person]
    widget_channel: int
    reset: Callable[[], Awaitable[None]]
    log: Callable[[int], Awaitable[Sequence[LogLine]]]
    windows: Sequence[Window] = ()
    telephone: Telephone | None = None
    form: str = ""
    language: str = "ru"
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    loopback_only: bool = True

    @property
    def people(self) -> list[Person]:
        return [*self.clients, *self.managers]
