"""Clients in every channel, each through the double of its provider: one set of verbs for all."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Protocol, cast

from aiohttp import ClientSession

from channels.webchat import live
from channels.webchat.channel import Channel as Widget
from crm_core.kernel.actors import SYSTEM
from sandbox import viber, vk
from sandbox.botapi.actor import Actor as Person
from sandbox.sms import Handset, SmppServer
from sandbox.sms import World as SmsWorld
from tests import factories
from tests.bot.mailroom import Office, open_office, plain
from tests.bot.rig import Rig
from tests.channels.email.mails import mail
from tests.channels.webchat import test_files as uploads
from tests.channels.webchat.site import Site, Visitor
from tests.waiting import eventually

VIBER_TOKEN = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51f"
VK_TOKEN = "vk1.a.sandbox-community-not-a-secret"
PDF = "application/pdf"


class Voice(Protocol):
    """A client on their side of a channel. `carries`: whether it takes files."""

    carries: bool

    async def says(self, text: str) -> None: ...

    async def shows(self, name: str, data: bytes) -> None:
        """Send a document."""
        ...

    async def heard(self) -> list[str]:
        """Every text that came from us, oldest first."""
        ...

    async def files(self) -> list[bytes]:
        """Every file that came from us."""
        ...


Opens = Callable[[Rig, AsyncExitStack], Awaitable[Voice]]


@dataclass(slots=True)
class OnTelegram:
    person: Person
    carries: bool = True

    async def says(self, text: str) -> None:
        self.person.text(text)

    async def shows(self, name: str, data: bytes) -> None:
        self.person.document(data, name)

    async def heard(self) -> list[str]:
        return [one.text for one in self.person.received() if one.text]

    async def files(self) -> list[bytes]:
        sent = (one for one in self.person.received() if "document" in one.content)
        return [self.person.file(one) for one in sent]


async def telegram(rig: Rig, _stack: AsyncExitStack) -> Voice:
    return OnTelegram(rig.client("Тимур"))


@dataclass(slots=True)
class OnSite:
    visitor: Visitor
    carries: bool = True

    async def says(self, text: str) -> None:
        await self.visitor.write(text)

    async def shows(self, name: str, data: bytes) -> None:
        response = await uploads.send(self.visitor, (name, PDF, data))
        assert response.status == 200

    async def _ours(self) -> list[dict[str, Any]]:
        return [one for one in (await self.visitor.session())["messages"] if not one.get("mine")]

    async def heard(self) -> list[str]:
        return [one["text"] for one in await self._ours() if one.get("text")]

    async def files(self) -> list[bytes]:
        found = [file["url"] for one in await self._ours() for file in one.get("files", ())]
        return [await (await self.visitor.get(url)).read() for url in found]


async def website(rig: Rig, stack: AsyncExitStack) -> Voice:
    live.use(rig.wakeups)
    channel_id = await factories.channel("webchat", "Сайт", title="Цветы")
    await running(rig, channel_id)
    http = await stack.enter_async_context(ClientSession())
    widget = cast("Widget", rig.runner.live[channel_id].channel)
    site = Site(str(rig.public_url), channel_id, widget, http, SYSTEM)
    return OnSite(await site.visitor())


async def running(rig: Rig, channel_id: int) -> None:
    """Until the hub has taken the channel up."""

    async def taken() -> bool:
        return channel_id in rig.runner.live

    await eventually(taken, what="the channel to run")


@dataclass(slots=True)
class OnVk:
    actor: vk.Actor
    carries: bool = True

    async def says(self, text: str) -> None:
        self.actor.text(text)

    async def shows(self, name: str, data: bytes) -> None:
        self.actor.document(name, data)

    async def heard(self) -> list[str]:
        return [one.text for one in self.actor.received() if one.text]

    async def files(self) -> list[bytes]:
        sent = [one for message in self.actor.received() for one in message.attachments]
        numbers = [int(one["doc"]["url"].split("/")[-2]) for one in sent]
        return [self.actor.world.files[number].data for number in numbers]


async def vkontakte(_rig: Rig, stack: AsyncExitStack) -> Voice:
    world = vk.World()
    group = world.add_group(VK_TOKEN, "Ромашки")
    url = await stack.enter_async_context(vk.Server(world))
    await factories.channel("vk", "Ромашки", token=VK_TOKEN, group_id=group.id, api_url=url)
    await world.wait_for(lambda: world.of("messages.getConversations"), timeout=20)
    return OnVk(world.actor(world.add_user("Вера", "Котова"), group))


@dataclass(slots=True)
class OnViber:
    phone: viber.Phone
    carries: bool = True

    async def says(self, text: str) -> None:
        self.phone.text(text)

    async def shows(self, name: str, data: bytes) -> None:
        self.phone.file(data, name, PDF)

    async def heard(self) -> list[str]:
        ours = (one.body for one in self.phone.chat.said if not one.mine)
        return [str(one["text"]) for one in ours if one.get("text")]

    async def files(self) -> list[bytes]:
        return [one.file.data for one in self.phone.chat.said if not one.mine and one.file]


async def in_viber(_rig: Rig, stack: AsyncExitStack) -> Voice:
    world = viber.World()
    bot = world.add_bot(VIBER_TOKEN, "Ромашка")
    server = await stack.enter_async_context(viber.Server(world))
    settings = {"token": VIBER_TOKEN, "sender_name": "Ромашка", "api_url": server.url}
    await factories.channel("viber", "Viber", **settings)

    async def registered() -> bool:
        return bool(bot.webhook)

    await eventually(registered, what="the webhook")
    return OnViber(viber.Phone(server, bot, viber.User(id="01234567890A=", name="Мария")))


@dataclass(slots=True)
class ByMail:
    office: Office
    carries: bool = True
    last: dict[str, str] = field(default_factory=dict)

    def _came(self) -> list[EmailMessage]:
        read = (
            email.message_from_bytes(one.raw, policy=email.policy.default)
            for one in self.office.sink.taken
        )
        return [one for one in read if isinstance(one, EmailMessage)]

    def _answers(self) -> dict[str, str]:
        came = self._came()
        return {"In_Reply_To": str(came[-1]["Message-ID"])} if came else {}

    async def says(self, text: str) -> None:
        await self.office.arrives(mail(text, **self._answers()))

    async def shows(self, name: str, data: bytes) -> None:
        await self.office.arrives(mail("Файл", files=[(name, PDF, data)], **self._answers()))

    async def heard(self) -> list[str]:
        return [plain(one).strip() for one in self._came()]

    async def files(self) -> list[bytes]:
        return [file.get_content() for one in self._came() for file in one.iter_attachments()]


async def by_mail(rig: Rig, stack: AsyncExitStack) -> Voice:
    return ByMail(await stack.enter_async_context(open_office(rig)))


@dataclass(slots=True)
class BySms:
    handset: Handset
    carries: bool = False

    async def says(self, text: str) -> None:
        await self.handset.write(text)

    async def shows(self, name: str, data: bytes) -> None:
        raise NotImplementedError

    async def heard(self) -> list[str]:
        return [one.text for one in self.handset.sms if not one.mine]

    async def files(self) -> list[bytes]:
        return []


async def by_sms(rig: Rig, stack: AsyncExitStack) -> Voice:
    world = SmsWorld()
    server = await stack.enter_async_context(SmppServer(world))
    where = {"gateway": "smpp", "host": server.host, "port": server.port, "sender": "Romashka"}
    channel_id = await factories.channel(
        "sms", "SMS", login=world.login, password=world.password, **where
    )
    await running(rig, channel_id)
    return BySms(Handset(world, "+79161234501"))


VOICES: dict[str, Opens] = {
    "telegram": telegram,
    "webchat": website,
    "vk": vkontakte,
    "viber": in_viber,
    "email": by_mail,
    "sms": by_sms,
}
