"""What every adapter of an SMS provider offers; the rest of the channel knows nothing more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from routing.contracts import CheckReport, HookRequest, RawEvent, Sent

Take = Callable[[RawEvent], Awaitable[None]]
"""Stores what came; the provider is told "taken" only after it returned."""
Note = Callable[[str | None], Awaitable[None]]
"""Hears why the account does not work; None: it does."""
Params = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A text for one number (E.164); longer ones are cut into pieces by the adapter."""

    to: str
    text: str


class Gateway(Protocol):
    """An account at a provider."""

    async def send(self, sms: Outgoing) -> Sent:
        """Hand it over; the ids the provider will report about. Raises a DeliveryError."""

    async def run(self, take: Take, note: Note) -> None:
        """Bring incoming messages and reports until cancelled."""

    def read(self, request: HookRequest) -> RawEvent:
        """What a call of the provider means; ValueError when it is none."""

    async def check(self) -> CheckReport:
        """Whether the account works; names the cause when not."""

    async def close(self) -> None:
        """Free connections."""
