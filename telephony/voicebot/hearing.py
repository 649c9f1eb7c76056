"""What understands speech for the bot; the application gives it (telephony knows no engine)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Ear(Protocol):
    """Listens to one caller: 16-bit mono sound of the rate it was made for."""

    @property
    def partial(self) -> str:
        """What is being said at the moment; "" while nobody speaks."""
        ...

    async def hear(self, pcm: bytes) -> str:
        """The phrase that has just been ended by a pause, else ""."""
        ...

    async def finish(self) -> str:
        """The rest of what was said."""
        ...


class Hearing(Protocol):
    """`words` narrows what is expected to these phrases; none: anything."""

    async def ear(self, language: str, *, rate: int, words: Sequence[str] = ()) -> Ear: ...


class Deaf:
    """For a machine without a speech model: callers can still press keys."""

    partial = ""

    async def ear(self, language: str, *, rate: int, words: Sequence[str] = ()) -> Ear:
        return self

    async def hear(self, pcm: bytes) -> str:
        return ""

    async def finish(self) -> str:
        return ""
