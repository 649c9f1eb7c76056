"""What a lane of the outbox must offer: how fast it may go and how one chat's rows are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from routing.contracts import DeliveryError, Pacing, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class OutRow:
    """A row of the outbox on its way: see crm_core.outbox.models.Outbox."""

    id: int
    lane: str
    chat: str
    kind: str
    data: dict[str, Any]
    message_id: int | None
    merge_key: str | None
    attempts: int
    created_at: datetime


class NotReady(DeliveryError):
    """What the row shows is still on its way (a file being fetched): asked again shortly."""


class Skipped(DeliveryError):
    """Nothing needs to be sent any more (the card would look the same, the fact is over)."""


class LaneSender(Protocol):
    """Sends rows of one lane. Only one process at a time works a lane."""

    pacing: Pacing
    # Whether a row whose outcome is unknown is sent again (notices) or waits for a person.
    resend_unknown: bool

    def is_group(self, chat: str) -> bool:
        """Whether the provider paces this chat as a group."""

    async def send(self, chat: str, rows: Sequence[OutRow]) -> Sent:
        """Send rows as ONE request: several only when they share a `merge_key`.

        Raises a DeliveryError (also NotReady, Skipped). A row is rendered when it is sent, so
        that it shows what is true then.
        """
