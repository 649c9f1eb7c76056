"""A tiny channel that keeps the contract: it says what it did, into lists of the class."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, SecretStr

from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from routing.contracts import Account, CheckReport, HookReply, HookRequest, Intake, Pacing, Sent
from tests.routing.lane import FAST


class TinyConfig(BaseModel):
    """What the account needs."""

    token: SecretStr


class Tiny:
    """routing.contracts.Channel."""

    KIND: ClassVar[str] = "tiny"
    TITLE: ClassVar[str] = "Tiny"
    Config: ClassVar[type[BaseModel]] = TinyConfig
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(text_limit=100, caption_limit=100)
    PACING: ClassVar[Pacing] = FAST

    listening: ClassVar[list[str]] = []
    sent: ClassVar[list[tuple[str, str]]] = []
    closed: ClassVar[list[str]] = []
    content: ClassVar[dict[str, bytes | Exception]] = {}

    def __init__(self, account: Account) -> None:
        assert isinstance(account.config, TinyConfig)
        self.token = account.config.token.get_secret_value()
        if self.token == "explode":
            message = "the constructor fails"
            raise RuntimeError(message)
        self.account = account

    @classmethod
    def forget(cls) -> None:
        for memory in (cls.listening, cls.sent, cls.closed, cls.content):
            memory.clear()

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return []

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        self.listening.append(self.token)
        try:
            await asyncio.Event().wait()
        finally:
            self.listening.remove(self.token)

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        return HookReply()

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        self.sent.append((self.token, part.text))
        return Sent((f"{chat}:{len(self.sent)}",))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        self.sent.append((external_id, part.text))

    async def typing(self, chat: str) -> None:
        """Nobody sees it."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        found = self.content[ref]
        if isinstance(found, Exception):
            raise found
        for start in range(0, len(found), 4):
            yield found[start : start + 4]

    async def check(self) -> CheckReport:
        return CheckReport(ok=True, line="fine")

    async def close(self) -> None:
        self.closed.append(self.token)
