"""A mailbox as the hub sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel

from channels.email import config as settings
from channels.email import mime
from channels.email.checks import check
from channels.email.keeping import Keeper
from channels.email.listening import Listener
from channels.email.oauth import Tokens
from channels.email.parse import parse
from channels.email.render import compose
from channels.email.sending import Postman
from channels.email.threads import placed
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.files.store import CHUNK, store
from crm_core.kernel.i18n import _
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
        self._tokens = Tokens(account.id, self._config)
        self._postman = Postman(
            account=account, config=self._config, tokens=self._tokens, compose=compose
        )

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        keeper = Keeper(
            account=self._account,
            config=self._config,
            intake=intake,
            digest=mime.digest,
            place=placed,
        )
        await Listener(keeper=keeper, config=self._config, tokens=self._tokens).run()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        """There is no provider that could call."""
        return HookReply(status=404, body=b"A mailbox has no webhook.")

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        return await self._postman.send(chat, part)

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        raise Rejected(_("A mail that has left can't be changed."))

    async def typing(self, chat: str) -> None:
        """Mail knows no such thing."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """An attachment (`sha:part`) out of the raw mail in the store."""
        sha, _colon, number = ref.partition(":")
        try:
            raw = await asyncio.to_thread(store().path(sha).read_bytes)
            content = await asyncio.to_thread(mime.part, raw, number)
        except (FileNotFoundError, LookupError):
            raise Rejected(_("This file is not in the store.")) from None
        for first in range(0, len(content), CHUNK):
            yield content[first : first + CHUNK]

    async def check(self) -> CheckReport:
        return await check(self._config, self._tokens, self._account.name)

    async def close(self) -> None:
        """Copies on their way into Sent may finish."""
        await self._postman.close()
