"""Mails for tests, as bytes, and a mailbox that takes them without any server."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from channels.email import mime, threads
from channels.email.channel import Channel
from crm_core.dialogs.messages import InboundEvent
from routing.contracts import RawEvent
from routing.inbound.pipe import InboundPipe
from tests import factories

SALES = "sales@shop.example"
CLIENT = "Иван Петров <ivan@client.example>"
CONFIG = {
    "address": SALES,
    "password": "secret",
    "incoming_host": "imap.shop.example",
    "smtp_host": "smtp.shop.example",
    "aliases": "info@shop.example",
}
_numbers = itertools.count(1)


def mail(text: str = "Здравствуйте!", *, files: Sequence[Any] = (), **headers: str) -> bytes:
    """A well-made mail; header names with `_` for `-`. `files`: (name, mime, content)."""
    message = EmailMessage(policy=SMTP)
    usual = {
        "From": CLIENT,
        "To": SALES,
        "Subject": "Заказ",
        "Date": "Fri, 15 Nov 2024 10:15:00 +0300",
    }
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    if "Message-ID" not in named:
        named["Message-ID"] = f"<m{next(_numbers)}@client.example>"
    for key, value in (usual | named).items():
        if value:
            message[key] = value
    message.set_content(text)
    for name, kind, content in files:
        main, _slash, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


@dataclass
class Mailbox:
    """An account whose mails come out of this process."""

    id: int
    own: list[str] = field(default_factory=lambda: [SALES, "info@shop.example"])

    async def take(self, *raws: bytes, **rest: Any) -> list[dict[str, Any]]:
        """Mails of one batch into the pipe; returns their bodies."""
        bodies = await threads.placed(self.id, [self.body(raw) | rest for raw in raws])
        intake = InboundPipe().intake(self.id, Channel.parse)
        for body in bodies:
            await intake.accept(RawEvent(key=f"INBOX:{next(_numbers)}", body=body))
        return bodies

    def body(self, raw: bytes) -> dict[str, Any]:
        return {
            "mailbox": SALES,
            "own": self.own,
            "owner": None,
            "folder": "INBOX",
            "sent": False,
            "received": "2024-11-15T07:20:00+00:00",
            "raw": "a" * 64,
            "digest": mime.digest(raw, frozenset(self.own)),
        }

    async def read(self, raw: bytes, **rest: Any) -> Sequence[InboundEvent]:
        """What the mail means, stored nowhere."""
        bodies = await threads.placed(self.id, [self.body(raw) | rest])
        return Channel.parse(bodies[0])


async def mailbox(name: str = "Почта", **config: Any) -> Mailbox:
    return Mailbox(await factories.channel("email", name, **(CONFIG | config)))
