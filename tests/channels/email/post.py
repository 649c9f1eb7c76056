"""A real mail server for a whole test session, and one empty mailbox on it per test."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import orjson

from channels.email.config import Config
from channels.email.imap import ImapBox
from channels.email.keeping import Body, Keeper
from channels.email.pop import PopBox
from channels.email.popsync import PopSync
from channels.email.sync import ImapSync
from channels.email.worker import Worker
from crm_core.kernel import clock, db
from routing.contracts import Account
from routing.inbound.pipe import InboundPipe
from sandbox.dovecot import Dovecot, Maildir
from sandbox.oauth import TokenService

PASSWORD = "слово secret"
_numbers = itertools.count(1)


def letter(text: str = "Здравствуйте", **headers: str) -> bytes:
    """A client's mail; headers with `_` for `-`."""
    number = next(_numbers)
    found = EmailMessage(policy=policy.SMTP)
    usual = {
        "From": "Анна Клиент <anna@client.test>",
        "To": "sales@shop.test",
        "Subject": f"Заказ {number}",
        "Message-ID": f"<{number}.test@client.test>",
        "Date": format_datetime(clock.now()),
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in (usual | given).items():
        found[name] = value
    found.set_content(text)
    return bytes(found)


def simple(raw: bytes, _own: frozenset[str]) -> dict[str, Any]:
    """A digest that is enough to tell mails apart."""
    found = message_from_bytes(raw)
    if found["X-Break"]:
        message = "the reader breaks"
        raise ValueError(message)
    return {"message_id": found["Message-ID"], "subject": str(found["Subject"])}


async def nowhere(_channel_id: int, bodies: Sequence[Body]) -> list[Body]:
    """No threading."""
    return list(bodies)


@dataclass(slots=True, kw_only=True)
class Box:
    """A mailbox of one test, seen from the server and from us."""

    dovecot: Dovecot
    address: str
    authority: Path
    channel_id: int = 1
    pipe: InboundPipe = field(default_factory=InboundPipe)

    @property
    def mail(self) -> Maildir:
        return self.dovecot.box(self.address)

    def config(self, **changes: Any) -> Config:
        return Config.model_validate(self.settings(**changes))

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Settings of this mailbox: IMAP without TLS, all mail ever; `...` leaves one out."""
        pop = changes.get("incoming") == "pop3"
        usual = {
            "address": self.address,
            "password": PASSWORD,
            "incoming_host": "localhost",
            "incoming_port": self.dovecot.ports["pop3" if pop else "imap"],
            "incoming_security": "none",
            "smtp_host": "localhost",
            "since": "2000-01-01",
        }
        return {key: value for key, value in (usual | changes).items() if value is not ...}

    def account(self, config: Config) -> Account:
        return Account(
            id=self.channel_id,
            kind="email",
            name=self.address,
            hook_url=None,
            hook_secret="-",
            config=config,
        )

    def keeper(self, config: Config) -> Keeper:
        return Keeper(
            account=self.account(config),
            config=config,
            intake=self.pipe.intake(self.channel_id, lambda _body: []),
            digest=simple,
            place=nowhere,
        )

    @asynccontextmanager
    async def imap(self, **changes: Any) -> AsyncIterator[ImapSync]:
        """A connected, started collector; its folders are `INBOX` and Sent."""
        config = self.config(**changes)
        box = ImapBox(config)
        async with Worker(box, self.address) as worker:
            await worker.call(box.open)
            sync = ImapSync(box=box, worker=worker, keeper=self.keeper(config), config=config)
            await sync.start()
            yield sync

    async def collect(self, **changes: Any) -> None:
        """Everything there is, over IMAP, in a connection of its own."""
        async with self.imap(**changes) as sync:
            folders = await sync.start()
            while await sync.round(folders):
                pass

    async def collect_pop(self, **changes: Any) -> None:
        config = self.config(incoming="pop3", **changes)
        box = PopBox(config)
        async with Worker(box, self.address) as worker:
            await worker.call(box.open)
            await PopSync(box=box, worker=worker, keeper=self.keeper(config), config=config).run()

    async def bodies(self) -> list[dict[str, Any]]:
        """What was stored, in order."""
        rows = await db.fetch(
            "SELECT body FROM raw_event WHERE channel_id = $1 ORDER BY id", self.channel_id
        )
        return [orjson.loads(row["body"]) for row in rows]

    async def subjects(self) -> list[str]:
        """Subjects of what was collected, in order."""
        return [
            one["digest"]["subject"] for one in await self.bodies() if one.get("digest") is not None
        ]


@dataclass(slots=True, kw_only=True)
class Post:
    """The session's server. Boxes are handed out once each."""

    dovecot: Dovecot
    tokens: TokenService
    authority: Path
    relay: int
    certificate: tuple[Path, Path]
    free: list[str]

    def box(self) -> Box:
        return Box(dovecot=self.dovecot, address=self.free.pop(0), authority=self.authority)
