"""A VK community as the hub sees it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel

from channels.vk import config as settings
from channels.vk import orderstatus, render
from channels.vk.api import Api, check_files
from channels.vk.checks import check
from channels.vk.content import file_of
from channels.vk.enrich import Enricher
from channels.vk.history import UNREAD_SINCE, History
from channels.vk.hook import Door, Registrar
from channels.vk.longpoll import Poller
from channels.vk.parse import GROUPS_FROM, parse
from channels.vk.people import People
from channels.vk.web import LinkExpired, Web
from crm_core.dialogs.messages import Capabilities, InboundEvent, OutboundPart
from crm_core.kernel import clock
from routing.contracts import (
    Account,
    CheckReport,
    DeliveryError,
    HookReply,
    HookRequest,
    Intake,
    OutcomeUnknown,
    Pacing,
    Rejected,
    Sent,
)

TRIES = 3  # of a request nobody answered: VK drops the repeat by its random_id
BETWEEN_TRIES = 0.5
INCOMING = frozenset({"message_new"})


class Channel:
    """One community. Keeps `routing.contracts.Channel` and `Acts`."""

    KIND: ClassVar[str] = "vk"
    TITLE: ClassVar[str] = "VK"
    Config: ClassVar[type[BaseModel]] = settings.Config
    CAPABILITIES: ClassVar[Capabilities] = settings.CAPABILITIES
    PACING: ClassVar[Pacing] = settings.PACING

    def __init__(self, account: Account) -> None:
        self._account = account
        self._config = settings.Config.model_validate(account.config.model_dump())
        self._api = Api(self._config)
        self._web = Web()
        self._enricher = Enricher(self._api, People(self._api))
        self._seen: set[str] = set()  # chats marked as read since the client's last words

    @staticmethod
    def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
        return parse(body)

    @staticmethod
    def is_group(chat: str) -> bool:
        return chat.isdecimal() and int(chat) > GROUPS_FROM

    async def run(self, intake: Intake) -> None:
        async def take(update: dict[str, Any]) -> None:
            await self._take(intake, update, str(update.get("event_id") or ""))

        async def catch_up() -> None:
            history = History(api=self._api, group_id=self._config.group_id)
            async for update in history.since(clock.now() - UNREAD_SINCE, unread=True):
                await take(update)

        api, account = self._api, self._account
        if settings.uses_callback(self._config, account.hook_url):
            await Registrar(api=api, config=self._config, account=account, catch_up=catch_up).run()
            return
        group, name = self._config.group_id, account.name
        await Poller(api=api, web=self._web, group_id=group, name=name, take=take).run()

    async def receive(self, request: HookRequest, intake: Intake) -> HookReply:
        async def take(update: dict[str, Any], key: str) -> None:
            await self._take(intake, update, key)

        door = Door(
            api=self._api, config=self._config, account=self._account, take=take, intake=intake
        )
        return await door.answer(request)

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        peer = render.peer(chat)
        await asyncio.to_thread(check_files, part.files, settings.CAPABILITIES.file_limit)
        attachments = [await self._api.upload(peer, file) for file in part.files]
        values = render.message(chat, part, attachments, self._account.hook_secret)
        sent = render.sent_id(chat, await self._insist("messages.send", values))
        await self._mark_read(chat)
        return Sent((sent,))

    async def edit(self, chat: str, external_id: str, part: OutboundPart) -> None:
        attachments: list[str] = []
        if part.files:
            peer, number = render.split_id(external_id)
            known = await self._enricher.message(peer, number)
            attachments = render.attachments_of((known or {}).get("attachments") or ())
        values = render.change(external_id, part, attachments)
        await self._api.call("messages.edit", again=True, **values)

    async def typing(self, chat: str) -> None:
        with contextlib.suppress(DeliveryError):
            peer = render.peer(chat)
            await self._api.call("messages.setActivity", peer_id=peer, type="typing")

    async def act(self, name: str, target: str, values: Mapping[str, str]) -> None:
        """`order_status`: set the status of an order of the shop (`values["status"]`)."""
        if name != "order_status":
            message = f"VK does not know how to do “{name}”."
            raise Rejected(message)
        change = orderstatus.change(target, values.get("status", ""))
        await self._api.call("market.editOrder", again=True, **change)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        place, _, url = ref.partition(" ")
        started = False
        try:
            async for chunk in self._web.stream(url):
                started = True
                yield chunk
        except LinkExpired:
            if started or not place:
                raise
        else:
            return
        async for chunk in self._web.stream(await self._renewed(place)):
            yield chunk

    async def check(self) -> CheckReport:
        return await check(self._api, self._config, self._account.hook_url)

    async def close(self) -> None:
        await self._api.close()
        await self._web.close()

    async def _insist(self, method: str, values: dict[str, Any]) -> Any:
        for _ in range(TRIES - 1):
            try:
                return await self._api.call(method, **values)
            except OutcomeUnknown:
                await asyncio.sleep(BETWEEN_TRIES)
        return await self._api.call(method, **values)

    async def _take(self, intake: Intake, update: dict[str, Any], key: str) -> None:
        raw = await self._enricher.event(update, key)
        await intake.accept(raw)
        if update.get("type") in INCOMING:
            self._seen.discard(_chat(update))
        if update.get("type") == "message_event":
            await self._stop_waiting(update.get("object"))

    async def _mark_read(self, chat: str) -> None:
        """An answer shows that somebody has read what was asked; nothing depends on the mark."""
        if chat in self._seen:
            return
        self._seen.add(chat)
        with contextlib.suppress(DeliveryError):
            peer = render.peer(chat)
            await self._api.call("messages.markAsRead", peer_id=peer, mark_conversation_as_read=1)

    async def _stop_waiting(self, pressed: Any) -> None:
        """Let a pressed button stop its clock; nothing depends on it."""
        wanted = ("event_id", "user_id", "peer_id")
        if isinstance(pressed, dict) and all(name in pressed for name in wanted):
            values = {name: pressed[name] for name in wanted}
            with contextlib.suppress(DeliveryError):
                await self._api.call("messages.sendMessageEventAnswer", **values)

    async def _renewed(self, place: str) -> str:
        """A fresh link to the file: VK's links are good for a while only."""
        message, _, number = place.rpartition(":")
        peer, cmid = render.split_id(message)
        found = await self._enricher.message(peer, cmid)
        attachments = (found or {}).get("attachments") or []
        index = int(number)
        file = file_of(attachments[index], place) if index < len(attachments) else None
        if file is None:
            raise Rejected("VK no longer has this file.")
        return file.ref.partition(" ")[2]


def _chat(update: dict[str, Any]) -> str:
    found = update.get("object")
    message = found.get("message", found) if isinstance(found, dict) else {}
    return str(message.get("peer_id", "")) if isinstance(message, dict) else ""
