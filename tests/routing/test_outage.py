"""PostgreSQL goes away while answers are on their way: each arrives once and says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.postgres import EmbeddedPostgres
from crm_core.accounts import commands
from crm_core.accounts.commands import Settings
from crm_core.dialogs import codec
from crm_core.dialogs.messages import OutboundPart
from crm_core.kernel import db, schema, secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import Post, put
from routing.contracts import Sent
from routing.inbound.pipe import InboundPipe
from routing.outbound import worker
from routing.runner import ChannelRunner
from tests.pg import FAST, open_folder
from tests.routing.tiny import Tiny
from tests.waiting import eventually


@pytest.fixture(scope="module")
def folder() -> object:
    with open_folder() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def server(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this test's own, to be stopped."""
    async with EmbeddedPostgres(folder, settings=FAST) as running:
        await db.open_db(running.dsn, pool=4)
        await schema.migrate()
        secrets.use_key("a key for tests only")
        yield running
        await db.close_db()


class Slow(Tiny):
    """Its requests stay open until the gate opens."""

    gate = asyncio.Event()
    asked: list[str] = []  # noqa: RUF012 - the class remembers, as Tiny's do

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        self.asked.append(part.text)
        await self.gate.wait()
        return await super().send(chat, part)


async def part(channel_id: int, text: str, chat: str = "c") -> None:
    data = codec.dump(OutboundPart(key=text, text=text))
    await put(Post(lane=f"channel:{channel_id}", chat=chat, kind="part", data=data))


async def states() -> list[str]:
    rows = await db.fetch("SELECT state FROM outbox ORDER BY id")
    return [row["state"] for row in rows]


async def test_sent_while_the_database_was_away(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.2)  # the outage is longer than anybody's patience
    Tiny.forget()
    channel_id = await commands.add(
        SYSTEM, kind="tiny", name="t", settings=Settings(config={"token": "t"})
    )
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    channels = ChannelRunner(lambda _: Slow, InboundPipe(), wakeups, public_url=None)
    services.start("channels", channels.run)
    try:
        for number in range(5):
            await part(channel_id, f"{number}a", chat=f"c{number}")
            await part(channel_id, f"{number}b", chat=f"c{number}")
        await eventually(_all_asked)
        lane = channels.live[channel_id].worker
        await server.stop()
        Slow.gate.set()

        async def all_known_and_unwritten() -> bool:
            return len(Tiny.sent) == 5 and len(lane._unwritten) == 5 and not lane._crew

        await eventually(all_known_and_unwritten, what="outcomes nobody could write")
        await server.start()
        await eventually(_all_sent, what="everything sent")
        await eventually(_listening)
    finally:
        await services.stop()
    assert sorted(text for _, text in Tiny.sent) == sorted(Slow.asked), "nothing twice"
    assert len(Tiny.sent) == 10


async def _all_asked() -> bool:
    return len(Slow.asked) == 5


async def _all_sent() -> bool:
    try:
        return await states() == ["sent"] * 10
    except db.AWAY:
        return False


async def _listening() -> bool:
    return Tiny.listening == ["t"]
