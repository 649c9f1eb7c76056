"""The request log of a world, as tests and the stage read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.botapi.state import Json


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `outcome`: "ok", "error" (result is the error text) or "lost" (no answer)."""

    bot_id: int
    method: str
    params: Json
    at: float
    outcome: str = "pending"
    code: int = 0
    result: Any = None

    @property
    def chat_id(self) -> int | str | None:
        return self.params.get("chat_id")


class CallLog(list[Call]):
    """Requests in the order of their arrival."""

    def of(self, method: str, chat_id: int | None = None) -> list[Call]:
        """Calls of one method, optionally only those about one chat."""
        return [
            call
            for call in self
            if call.method == method and (chat_id is None or call.chat_id == chat_id)
        ]
