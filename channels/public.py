"""What channels offer to people's browsers, for the web server that mounts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from aiohttp import web

    from routing.contracts import Intake


@runtime_checkable
class ServesVisitors(Protocol):
    """A channel whose clients call this very server (`/w/{channel id}/{tail}`)."""

    async def serve(self, request: web.Request, tail: str, intake: Intake) -> web.StreamResponse:
        """Answer one call of a visitor's browser; never raises for a visitor's mistake."""
