"""The telephone of the stage: clients who may ring the company, and the managers' desk phones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sandbox.stage.config import Json

KEY = "telephone"


class Telephone(Protocol):
    """What the double of a telephone network shows and does.

    `state()` is
    `{"now": Unix seconds, "number": who is rung,
    "callers": [{"id", "name", "about", "number", "call"}],
    "desks": {a manager's key: {"extension", "call"}}}`, where a call is None or
    `{"state": ringing | calling | talking | over, "out": whether from here, "with": number,
    "since": Unix seconds, "says": words heard now, "mine": whether said here,
    "why": how it ended}`.
    """

    def state(self) -> Json: ...

    async def act(self, name: str, who: str) -> Json:
        """`call` (a caller), `answer`, `decline`, `hangup` by a caller's id or a desk's key.

        Raises StageError when there is nothing to do it with.
        """

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change until the returned function is called."""
