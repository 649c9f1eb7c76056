"""Which facts can be taken back, and how: every slice registers its own.

    @undoable(ClientRenamed, right=Right.CLIENT_WRITE)
    async def _name_back(actor: Actor, fact: ClientRenamed) -> Left: ...

The function runs in the transaction of the undo and acts through ordinary commands, so that
whatever hangs on a change follows. It raises Conflict when the card has moved on since, and
returns what had left the house already: that can't be called back, only named.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import Event

E = TypeVar("E", bound=Event)
# English msgids with their parameters, as errors carry them.
Left = tuple[tuple[str, dict[str, Any]], ...]
Back = Callable[[Actor, E], Awaitable[Left]]

WINDOW = timedelta(minutes=15)
MOVED_ON = N_("It was changed once more since then: look at the card.")


@dataclass(frozen=True, slots=True)
class Way:
    """How facts of one type are taken back, and the right it takes."""

    right: Right
    back: Back[Any]


_ways: dict[str, Way] = {}


def undoable(event: type[E], *, right: Right) -> Callable[[Back[E]], Back[E]]:
    """Register how facts of this type are taken back."""

    def register(back: Back[E]) -> Back[E]:
        if event.__name__ in _ways:
            message = f"{event.__name__} is taken back in two ways"
            raise ValueError(message)
        _ways[event.__name__] = Way(right, back)
        return back

    return register


def ways() -> Mapping[str, Way]:
    """By the name of the fact (slices must have been imported)."""
    return _ways


def unless_moved_on(stands: object, left_at: object) -> None:
    """Raises Conflict when a value is no longer what the change made of it."""
    if stands != left_at:
        raise Conflict(MOVED_ON)
