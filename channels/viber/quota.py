"""Viber takes 100 messages an hour to somebody who does not answer: how many are left."""

from __future__ import annotations

from datetime import timedelta

from channels.viber.config import UNANSWERED_LIMIT
from channels.viber.faults import TOO_MANY, TOO_MANY_PAUSE
from crm_core.dialogs.foresight import unanswered
from crm_core.kernel import clock
from routing.contracts import RetryLater

HOUR = timedelta(hours=1)


async def require_room(channel_id: int, chat: str) -> None:
    """RetryLater for this chat when the hour's messages are used up."""
    used = await unanswered(channel_id, chat)
    if used.count < UNANSWERED_LIMIT or used.oldest is None:
        return
    left = (used.oldest + HOUR - clock.now()).total_seconds()
    # An answer of the client frees the way sooner than the clock: look again now and then.
    raise RetryLater(TOO_MANY, after=min(max(left, 1.0), TOO_MANY_PAUSE), chat_only=True)
