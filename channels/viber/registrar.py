"""Keeping our webhook registered with Viber."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from channels.viber import faults
from channels.viber.api import Api
from routing.contracts import Account, ChannelBroken, DeliveryError

log = structlog.get_logger(__name__)

EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
LOOK_AGAIN_SECONDS = 900.0
AFTER_TROUBLE_SECONDS = 30.0
Note = Callable[[str | None], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Registrar:
    """Keeps our webhook registered until cancelled; `note` hears what is wrong (None: nothing)."""

    api: Api
    account: Account
    note: Note
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        marked = True  # perhaps by who ran before us
        while True:
            seconds = LOOK_AGAIN_SECONDS
            try:
                await self.register()
                if marked:
                    await self.note(None)
                marked = False
            except DeliveryError as error:
                seconds = AFTER_TROUBLE_SECONDS
                log.warning("viber_webhook_not_set", channel=self.account.name, reason=str(error))
                if isinstance(error, ChannelBroken):
                    marked = True
                    await self.note(str(error))
            await self.pause(seconds)

    async def register(self) -> bool:
        """Set the webhook when Viber knows another one; True when it was set now."""
        if not self.account.hook_url:
            raise ChannelBroken(faults.NO_HOOK)
        info = await self.api.call("get_account_info", {}, again=True)
        if is_ours(info, self.account.hook_url):
            return False
        body = {
            "url": self.account.hook_url,
            "event_types": EVENTS,
            "send_name": True,
            "send_photo": False,
        }
        await self.api.call("set_webhook", body, again=True)
        log.info("viber_webhook_set", channel=self.account.name)
        return True


def is_ours(info: dict[str, Any], url: str) -> bool:
    """Whether Viber calls this address with everything we want to hear of."""
    return info.get("webhook") == url and set(EVENTS) <= set(info.get("event_types") or ())
