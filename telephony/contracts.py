"""What a PBX adapter must offer, and what it may call.

A new PBX is one folder with a class `Pbx` that passes `tests/telephony/contract.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from crm_core.calls.orders import Order
from crm_core.calls.shapes import CallSeen
from routing.calls.rules import Answer, Opening, Question
from routing.contracts import CheckReport, HookReply, HookRequest


class Refusal(Exception):
    """The PBX did not do what it was asked; `str(error)` is a line for the person who asked."""


Change = Callable[[dict[str, CallSeen]], Sequence[CallSeen]]


class Desk(Protocol):
    """Where an adapter hands over what it learned; all of it may be told twice."""

    async def record(self, calls: Sequence[CallSeen]) -> None:
        """Write calls as they are now; returns when they are stored, whatever it takes."""

    async def living(self) -> list[CallSeen]:
        """Calls that lived when somebody last looked."""

    async def amend(self, keys: Sequence[str], change: Change) -> None:
        """Store what `change` makes of the calls known under these keys; nobody else changes
        them meanwhile. Raises when nothing could be stored."""

    async def reconcile(self, calls: Sequence[CallSeen]) -> int:
        """Ended calls by the PBX's own log: adds those that lack; returns how many it changed."""

    async def decide(self, question: Question, opening: Opening) -> Answer:
        """Whom to ring."""

    async def broken(self, reason: str | None) -> None:
        """Tell that the PBX can't be reached (why), or can again (None)."""

    async def memory(self) -> dict[str, Any]:
        """What `remember` kept, over restarts."""

    async def remember(self, **values: Any) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxAccount:
    """A PBX row as its code sees it."""

    id: int
    name: str
    hook_url: str | None
    config: BaseModel


class Pbx(Protocol):
    """A live PBX connection. The class also says what it is called and how it is set up."""

    TITLE: ClassVar[str]
    Config: ClassVar[type[BaseModel]]

    def __init__(self, account: PbxAccount) -> None: ...

    @property
    def linked(self) -> bool:
        """Whether calls are being watched at this moment."""

    async def run(self, desk: Desk) -> None:
        """Watch calls until cancelled; comes back by itself after any outage."""

    async def receive(self, request: HookRequest, path: str, desk: Desk) -> HookReply:
        """Answer one HTTP call of the PBX; its secret was checked."""

    async def carry_out(self, order: Order) -> None:
        """Do what was ordered; raises Refusal. Never later than asked, never twice."""

    async def check(self) -> CheckReport:
        """Ask the PBX whether it works with these settings; names the cause when not."""

    def setup(self) -> str:
        """What to paste into the PBX, and where."""

    async def close(self) -> None:
        """Free connections."""


__all__ = ["Answer", "Desk", "Opening", "Pbx", "PbxAccount", "Question", "Refusal"]
