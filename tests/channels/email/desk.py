"""The hub at work beside a test: channels, files, an operator, and the clients' mail server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from channels import registry
from channels.email.config import Config
from crm_core.accounts import commands
from crm_core.accounts.validating import secret_fields, validated
from crm_core.dialogs import commands as dialogs
from crm_core.dialogs import replies
from crm_core.dialogs.messages import Kind
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from routing.fetching import Fetcher
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from sandbox.smtp import Sink
from tests import factories
from tests.channels.email.post import PASSWORD, Box
from tests.waiting import eventually

TOGETHER = "SELECT * FROM message WHERE dialog_id = $1 ORDER BY id"


@dataclass(slots=True, kw_only=True)
class Desk:
    """`sink` is where the mailbox sends."""

    box: Box
    sink: Sink
    channel_id: int
    operator: Actor

    async def configure(self, **changes: Any) -> None:
        """Change settings as an admin does."""
        await commands.configure(
            SYSTEM, channel_id=self.channel_id, settings=settings(self.box, self.sink, **changes)
        )

    async def come(self, raw: bytes, count: int = 1) -> db.Row:
        """Deliver a mail and wait until so many messages of clients are in the hub; the last."""
        self.box.mail.deliver(raw)

        async def look() -> db.Row | None:
            rows = await db.fetch("SELECT * FROM message WHERE direction = 'in' ORDER BY id")
            return rows[-1] if len(rows) >= count else None

        found = await eventually(look, what="the mail in the hub")
        assert found is not None
        return found

    async def answer(self, dialog_id: int, text: str, **extra: Any) -> int:
        """What the operator does: take the dialog if need be, and write."""
        state = await db.fetchval("SELECT state FROM dialog WHERE id = $1", dialog_id)
        if state == "waiting":
            await dialogs.accept(self.operator, dialog_id=dialog_id)
        return await replies.reply(
            self.operator, dialog_id=dialog_id, text=text, extra=replies.Reply(**extra)
        )

    async def file(self, content: bytes, name: str) -> replies.FileIn:
        """A file in the store, ready to be attached."""
        kept = await store().put_bytes(content)
        await db.execute(
            "INSERT INTO stored_file (sha, size, mime) VALUES ($1, $2, $3)"
            " ON CONFLICT (sha) DO NOTHING",
            kept.sha,
            kept.size,
            kept.mime,
        )
        return replies.FileIn(
            kind=Kind.DOCUMENT, sha=kept.sha, name=name, mime="application/pdf", size=kept.size
        )

    async def status(self, message_id: int, wanted: str) -> None:
        """Wait until a message of ours has this status."""

        async def look() -> bool:
            found = await db.fetchval("SELECT status FROM message WHERE id = $1", message_id)
            return bool(found == wanted)

        await eventually(look, what=f"message {message_id} to be {wanted}")

    async def sent(self, count: int = 1) -> EmailMessage:
        """Wait until so many mails have left; the last."""

        async def look() -> bool:
            return len(self.sink.taken) >= count

        await eventually(look, what=f"{count} mails at the server")
        found = message_from_bytes(self.sink.taken[-1].raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


def settings(box: Box, sink: Sink, **changes: Any) -> commands.Settings:
    smtp = {"smtp_port": sink.port, "smtp_security": "none"}
    data = validated(Config, box.settings(**smtp | changes))
    return commands.Settings(config=data, secret_fields=secret_fields(Config))


@asynccontextmanager
async def desk(box: Box, **changes: Any) -> AsyncIterator[Desk]:
    """A company with one mailbox, its hub running."""
    async with Sink(logins={box.address: PASSWORD}) as sink:
        await factories.queue()
        operator = await factories.employee()
        channel_id = await commands.add(
            SYSTEM, kind="email", name="Почта", settings=settings(box, sink, **changes)
        )
        async with hub():
            yield Desk(box=box, sink=sink, channel_id=channel_id, operator=operator)


@asynccontextmanager
async def hub() -> AsyncIterator[None]:
    """What a worker process runs."""
    services, wakeups = Supervisor(), Wakeups()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    runner = ChannelRunner(registry.kind, InboundPipe(), wakeups, public_url=None)
    services.start("channels", runner.run)
    services.start("files", Fetcher(runner.channel_of, wakeups, limit=2**26).run)
    try:
        yield
    finally:
        await services.stop()
