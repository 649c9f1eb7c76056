"""A clients' Telegram bot as the hub sees it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aiogram.methods import AnswerCallbackQuery, GetFile, SendChatAction
from pydantic import BaseModel

from channels.telegram import config as settings
from channels.telegram import faults, hook, render
from channels.telegram.api import Api, upload_seconds
from channels.telegram.checks import check
from channels.telegram.localfiles import read_local
from channels.telegram.parse import parse
from channels.telegram.poll import Poller
from channels.telegram.updates import RawUpdate, callback_id, event
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.kernel import clock
from routing.contracts import (
    Account,
    CheckReport,
    DeliveryError,
    HookReply,
    HookRequest,
    Intake,
    Pacing,
    Rejected,
    Sent,
)


class Channel:
    """One bot. Keeps `routing.contracts.Channel`."""

    KIND: ClassVar[str] = "telegram"
    TITLE: ClassVar[str] = "Telegram"
    Config: ClassVar[type[BaseModel]] = settings.Config
    CAPABILITIES: ClassVar[Capabilities] = settings.CAPABILITIES
    PACING: ClassVar[Pacing] = settings.PACING

    def __init__(self, account: Account) -> None:
        self._account = account
        self._config = settings.Config.model_validate(account.config.model_dump())
        self._api = Api(self._config)

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return chat.startswith("-")

    async def run(self, intake: Intake) -> None:
        if settings.uses_webhook(self._config, self._account.hook_url):
            await hook.Registrar(api=self._api, account=self._account).run()
            return

        async def take(update: RawUpdate) -> None:
            await self._take(intake, update)
            await self._stop_waiting(update)

        name = self._account.name
        await Poller(api=self._api, name=name, take=take, refuse=intake.refuse).run()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        async def take(update: RawUpdate) -> None:
            await self._take(intake, update)

        return await hook.answer(request, self._account, take, intake)

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        request = render.method(chat, part)
        size = await asyncio.to_thread(_check_files, part) if part.files else 0
        result = await self._api.call(request, seconds=upload_seconds(size))
        return Sent(render.sent_ids(result))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        """`chat` stands in `external_id` too: a message keeps its first chat when that moves."""
        with contextlib.suppress(faults.NotModified):
            await self._api.call(render.edit_method(external_id, part), again=True)

    async def typing(self, chat: str) -> None:
        with contextlib.suppress(DeliveryError):
            await self._api.call(SendChatAction(chat_id=chat, action="typing"), seconds=5)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        found = await self._api.call(GetFile(file_id=ref), again=True)
        path = found.get("file_path")
        if not path:
            raise Rejected("Telegram no longer has this file.")
        local = self._config.local_files
        chunks = read_local(local, path) if local else self._api.stream(path)
        async for chunk in chunks:
            yield chunk

    async def check(self) -> CheckReport:
        return await check(self._api, self._config, self._account.hook_url)

    async def close(self) -> None:
        await self._api.close()

    async def _take(self, intake: Intake, update: RawUpdate) -> None:
        await intake.accept(event(update, self._config, clock.now()))

    async def _stop_waiting(self, update: RawUpdate) -> None:
        """Let a pressed button stop its clock; nothing depends on it."""
        pressed = callback_id(update)
        if pressed is not None:
            with contextlib.suppress(DeliveryError):
                await self._api.call(AnswerCallbackQuery(callback_query_id=pressed), seconds=5)


def _check_files(part: OutboundPart) -> int:
    """Bytes to upload; Rejected when a file is gone from the store or too large."""
    for file in part.files:
        if not Path(file.path).is_file():
            message = f"The file “{file.name}” is no longer in the store."
            raise Rejected(message)
        if file.size > settings.CAPABILITIES.file_limit:
            raise Rejected(faults.TOO_LARGE)
    return sum(file.size for file in part.files)
