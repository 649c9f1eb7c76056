"""A source of leads as a channel: it only brings, nobody can be answered in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel

from channels.leads.config import CAPABILITIES, PACING, Config
from channels.leads.door import Door
from channels.leads.parse import READERS, parse
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.kernel.i18n import N_, _
from routing.contracts import (
    Account,
    CheckReport,
    HookReply,
    HookRequest,
    Intake,
    Pacing,
    Rejected,
    Sent,
)

TITLE = "Leads: forms and services"
NO_ANSWER = N_("Leads can't be answered here: call, or write in another channel.")


class Channel:
    """A live source; see routing.contracts.Channel."""

    KIND: ClassVar[str] = "leads"
    TITLE: ClassVar[str] = TITLE
    Config: ClassVar[type[BaseModel]] = Config
    CAPABILITIES: ClassVar[Capabilities] = CAPABILITIES
    PACING: ClassVar[Pacing] = PACING

    def __init__(self, account: Account) -> None:
        assert isinstance(account.config, Config)  # noqa: S101 - the registry builds it so
        self._account = account
        self._config = account.config
        self._door = Door(account, account.config)

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        """Nothing to ask anybody for: leads come by themselves."""
        await asyncio.Event().wait()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        return await self._door.answer(request, intake)

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        raise Rejected(_(NO_ANSWER))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        raise Rejected(_(NO_ANSWER))

    async def typing(self, chat: str) -> None:
        """Nobody would see it."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """No files come this way."""
        raise Rejected(_(NO_ANSWER))
        yield b""

    async def check(self) -> CheckReport:
        """Says what to paste at the service; without an address nobody can call."""
        title = READERS[self._config.service].title or self._account.name
        url = self._account.hook_url
        if not url:
            line = _("%(title)s can't reach Pult yet: set PULT_PUBLIC_URL to an https address.")
            return CheckReport(ok=False, line=line % {"title": title})
        line = _("%(title)s: paste this address there: %(url)s") % {"title": title, "url": url}
        return CheckReport(ok=True, line=line, facts={"url": url})

    async def close(self) -> None:
        """Nothing is held."""
