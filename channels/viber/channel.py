"""A Viber bot as the hub sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel

from channels.viber import config as settings
from channels.viber import hook, links, quota, registrar, render
from channels.viber.api import Api
from channels.viber.checks import check
from channels.viber.parse import parse
from crm_core.accounts.commands import set_broken
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.kernel.i18n import N_
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

TOO_LARGE = N_("The file is larger than Viber takes (50 MB).")
NOT_THERE = N_("The file is no longer in the store.")
NO_EDITS = N_("Viber can't change what was sent: write a new message.")


class Channel:
    """One bot. Keeps `routing.contracts.Channel`."""

    KIND: ClassVar[str] = "viber"
    TITLE: ClassVar[str] = "Viber"
    Config: ClassVar[type[BaseModel]] = settings.Config
    CAPABILITIES: ClassVar[Capabilities] = settings.CAPABILITIES
    PACING: ClassVar[Pacing] = settings.PACING

    def __init__(self, account: Account) -> None:
        self._account = account
        self._config = settings.Config.model_validate(account.config.model_dump())
        self._api = Api(self._config)
        self._link = links.linker(account.hook_url)

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return False

    async def run(self, intake: Intake) -> None:
        """Keep the webhook registered; a token that is refused marks the account."""

        async def note(fault: str | None) -> None:
            await set_broken(self._account.id, fault)

        await registrar.Registrar(api=self._api, account=self._account, note=note).run()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        return await hook.answer(request, self._account, self._config, intake)

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        await asyncio.to_thread(_check_files, part)
        await quota.require_room(self._account.id, chat)
        body = render.body(chat, part, self._config, self._link)
        answer = await self._api.call("send_message", body)
        return Sent((str(answer["message_token"]),) if answer.get("message_token") else ())

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        raise Rejected(NO_EDITS)

    async def typing(self, chat: str) -> None:
        """Viber has no such sign."""

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        limit = self._config.download_limit_mb * settings.MEGABYTE
        async for chunk in self._api.stream(ref, limit):
            yield chunk

    async def check(self) -> CheckReport:
        return await check(self._api, self._account.hook_url)

    async def close(self) -> None:
        await self._api.close()


def _check_files(part: OutboundPart) -> None:
    for file in part.files:
        if not Path(file.path).is_file():
            raise Rejected(NOT_THERE)
        if file.size > settings.CAPABILITIES.file_limit:
            raise Rejected(TOO_LARGE)
