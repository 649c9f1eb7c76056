"""The website widget as a channel: visitors call this server, answers become visible to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from aiohttp import web
from pydantic import BaseModel

from channels.webchat import live, serve
from channels.webchat.config import CAPABILITIES, PACING, Config
from channels.webchat.desk import desk
from channels.webchat.parse import LOCAL, parse
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.files.store import store
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

TITLE = "Website chat"


class Channel:
    """A live widget; see routing.contracts.Channel and channels.public.ServesVisitors."""

    KIND: ClassVar[str] = "webchat"
    TITLE: ClassVar[str] = TITLE
    Config: ClassVar[type[BaseModel]] = Config
    CAPABILITIES: ClassVar[Capabilities] = CAPABILITIES
    PACING: ClassVar[Pacing] = PACING

    def __init__(self, account: Account) -> None:
        assert isinstance(account.config, Config)  # noqa: S101 - the registry builds it so
        self._id = account.id
        self._config = account.config
        self._desk = desk(account.id, account.config)

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def serve(self, request: web.Request, tail: str, intake: Intake) -> web.StreamResponse:
        """Answer one call of a visitor's browser."""
        return await serve.answer(self._desk, request, tail, intake)

    async def run(self, intake: Intake) -> None:
        """Nothing to ask anybody for: visitors come by themselves."""
        await asyncio.Event().wait()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        """There is no provider that could call."""
        return HookReply(status=404, body=b"The website chat has no webhook.")

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        """The message lies in the database already: only tell those who look."""
        await live.stir(self._id, chat)
        return Sent((f"{chat}:{part.key}",))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        await live.stir(self._id, chat)

    async def typing(self, chat: str) -> None:
        await live.manager_types(self._id, chat)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """Files of visitors lie in the store from the beginning (`sha:<hex>`)."""
        if not ref.startswith(LOCAL):
            raise Rejected(_("This file is not in the store."))
        async for chunk in store().read(ref.removeprefix(LOCAL)):
            yield chunk

    async def check(self) -> CheckReport:
        """Always works; says so when any site may show it."""
        origins = self._config.origins
        facts = {"origins": origins}
        if origins:
            line = _("Works on: %(sites)s.") % {"sites": ", ".join(origins)}
            return CheckReport(ok=True, line=line, facts=facts)
        line = _("Works, but on any site: list yours in “origins”.")
        return CheckReport(ok=True, line=line, facts=facts | {"warning": "any origin"})

    async def close(self) -> None:
        """End open streams; browsers connect again by themselves."""
        self._desk.streams.close()
