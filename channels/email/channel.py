"""A mailbox as the hub sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel

from channels.email import config as settings
from channels.email.parse import parse
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from routing.contracts import Account, CheckReport, HookReply, HookRequest, Intake, Pacing, Sent


class Channel:
    """One mailbox. Keeps `routing.contracts.Channel`."""

    KIND: ClassVar[str] = "email"
    TITLE: ClassVar[str] = "E-mail"
    Config: ClassVar[type[BaseModel]] = settings.Config
    CAPABILITIES: ClassVar[Capabilities] = settings.CAPABILITIES
    PACING: ClassVar[Pacing] = settings.PACING

    def __init__(self, account: Account) -> None:
        self._account = account
        self._config = settings.Config.model_validate(account.config.model_dump())

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        raise NotImplementedError

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        """There is no provider that could call."""
        return HookReply(status=404, body=b"A mailbox has no webhook.")

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        raise NotImplementedError

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        raise NotImplementedError

    async def typing(self, chat: str) -> None:
        """Mail knows no such thing."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        raise NotImplementedError
        yield b""

    async def check(self) -> CheckReport:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is kept open."""
