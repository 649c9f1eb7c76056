"""A mailbox at work without any server to collect from; what leaves is real SMTP."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest_asyncio

from channels.email import mime
from channels.email.channel import Channel
from channels.email.config import Config
from channels.email.keeping import Keeper
from channels.email.letters import Letter, Place
from channels.email.threads import placed
from crm_core.kernel import clock
from routing.contracts import Account
from routing.inbound.pipe import InboundPipe
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from sandbox.smtp import Sink
from tests import factories
from tests.bot.rig import Rig, labels
from tests.channels.email.mails import SALES
from tests.waiting import eventually


@dataclass
class Office:
    """A mailbox that collects nothing by itself, and the server its mail leaves by."""

    rig: Rig
    sink: Sink
    account: Account
    config: Config
    uid: int = 0

    async def arrives(self, raw: bytes) -> None:
        """As if the mail had been collected from a server."""
        self.uid += 1
        keeper = Keeper(
            account=self.account,
            config=self.config,
            intake=InboundPipe().intake(self.account.id, Channel.parse),
            digest=mime.digest,
            place=placed,
        )
        letter = Letter(uid=str(self.uid), raw=raw, size=len(raw), received=clock.now())
        assert await keeper.keep(Place(folder="INBOX", uidvalidity=1), keeper.read([letter])) == 1
        await self.rig.settled()

    async def sent(self, count: int = 1) -> EmailMessage:
        """The newest mail that left, once there are so many."""

        async def left() -> bool:
            return len(self.sink.taken) >= count

        await eventually(left, what="a mail to leave")
        await self.rig.settled()
        found = email.message_from_bytes(self.sink.taken[-1].raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def office(rig: Rig) -> AsyncIterator[Office]:
    async with open_office(rig) as found:
        yield found


@asynccontextmanager
async def open_office(rig: Rig, **more: Any) -> AsyncIterator[Office]:
    """`more`: settings of the mailbox."""
    async with Sink() as sink:
        settings: dict[str, Any] = {
            "address": SALES,
            "sender_name": "Магазин",
            "password": "secret",
            "incoming": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": sink.port,
            "smtp_security": "none",
            "plus": True,
        } | more
        channel_id = await factories.channel("email", "Почта", **settings)
        account = Account(
            id=channel_id,
            kind="email",
            name="Почта",
            hook_url=None,
            hook_secret="",
            config=Config.model_validate(settings),
        )
        yield Office(rig, sink, account, Config.model_validate(settings))


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r", "")


async def accepted(office: Office, raw: bytes, words: str) -> tuple[Person, Message]:
    """A manager who has taken the mail, and the mail on their screen."""
    anna = await office.rig.employee("Анна")
    await office.arrives(raw)
    card = await anna.wait_text(words)
    await anna.press("✅ Принять", card).answer()
    await office.rig.settled()
    shown = next(one for one in reversed(anna.received()) if "↪️ Переслать" in labels(one))
    return anna, shown
