"""An SMS account as the hub sees it, whatever gateway stands behind it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

import structlog
from pydantic import BaseModel

from channels.sms import config as settings
from channels.sms import faults, render
from channels.sms.gateway import Gateway
from channels.sms.parse import parse
from channels.sms.smpp import SmppGateway
from channels.sms.smsc import HttpGateway
from crm_core.accounts.commands import set_broken
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from routing.contracts import (
    Account,
    CheckReport,
    HookReply,
    HookRequest,
    Intake,
    Pacing,
    RawEvent,
    Rejected,
    Sent,
)

log = structlog.get_logger(__name__)


class Channel:
    """One account. Keeps `routing.contracts.Channel`."""

    KIND: ClassVar[str] = "sms"
    TITLE: ClassVar[str] = "SMS"
    Config: ClassVar[type[BaseModel]] = settings.Config
    CAPABILITIES: ClassVar[Capabilities] = settings.CAPABILITIES
    PACING: ClassVar[Pacing] = settings.PACING

    def __init__(self, account: Account) -> None:
        self._account = account
        config = settings.Config.model_validate(account.config.model_dump())
        self._gateway: Gateway = (
            SmppGateway(config, account.id) if config.gateway == "smpp" else HttpGateway(config)
        )

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        async def take(raw: RawEvent) -> None:
            await intake.accept(raw)

        async def note(fault: str | None) -> None:
            await set_broken(self._account.id, fault)

        await self._gateway.run(take, note)

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        """The secret in our address is what the provider shows."""
        if request.method not in {"GET", "POST"}:
            return HookReply(status=405, body=b"GET or POST")
        try:
            raw = self._gateway.read(request)
        except ValueError as error:
            key = "body:" + hashlib.sha256(request.body + repr(request.query).encode()).hexdigest()
            await intake.refuse(key[:37], request.body, str(error))
            return HookReply(body=b"OK")
        try:
            await intake.accept(raw)
        except Exception:
            log.exception("sms_not_stored", channel=self._account.name)
            return HookReply(status=500, body=b"not stored, send it again")
        return HookReply(body=b"OK")

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        return await self._gateway.send(render.outgoing(chat, part))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        raise Rejected(faults.NO_EDITS)

    async def typing(self, chat: str) -> None:
        """Phones show no such sign."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        if ref:
            raise Rejected(faults.NO_FILES)
        yield b""

    async def check(self) -> CheckReport:
        return await self._gateway.check()

    async def close(self) -> None:
        await self._gateway.close()
