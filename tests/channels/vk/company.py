"""A company with a VK community: the pipe in, the lane out, the callback door, all for real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from channels.vk.channel import Channel
from crm_core.dialogs import commands, replies
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import Actor as Employee
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import channel_lane
from routing.contracts import Account
from routing.fetching import Fetcher
from routing.inbound.pipe import InboundPipe
from routing.outbound.channel_sender import ChannelSender
from routing.outbound.worker import LaneWorker
from sandbox.vk import Actor, Operator, Server, World
from sandbox.vk.communities import Community
from tests import factories
from tests.channels.vk.conftest import TOKEN, account
from tests.channels.vk.doubles import hook, serving
from tests.waiting import eventually

LANE = channel_lane(1)
TALK = """
SELECT direction, text, status FROM message WHERE direction <> 'note' ORDER BY at, id
"""


@dataclass(slots=True, kw_only=True)
class Company:
    """`anna` writes, `olga` answers in VK's own page, `boris` in Pult."""

    world: World
    group: Community
    anna: Actor
    olga: Operator
    boris: Employee
    channel: Channel
    services: Supervisor

    async def talk(self) -> list[tuple[str, str, str | None]]:
        """The dialog as Pult has it: direction, words, status."""
        rows = await db.fetch(TALK)
        return [(row["direction"], row["text"], row["status"]) for row in rows]

    async def becomes(self, *wanted: tuple[str, str, str | None]) -> None:
        async def look() -> bool:
            return await self.talk() == list(wanted)

        try:
            await eventually(look, what="the dialog", timeout=10)
        except AssertionError:
            assert await self.talk() == list(wanted)
            raise

    async def accepted(self, words: str = "Есть розы?") -> int:
        """A dialog that Boris has."""
        self.anna.text(words)

        async def look() -> int | None:
            found: int | None = await db.fetchval("SELECT max(id) FROM dialog")
            return found

        dialog_id = await eventually(look, what="a dialog")
        assert dialog_id is not None
        await commands.accept(self.boris, dialog_id=dialog_id)
        return dialog_id

    async def says(self, dialog_id: int, text: str, extra: replies.Reply | None = None) -> int:
        message_id: int = await replies.reply(
            self.boris, dialog_id=dialog_id, text=text, extra=extra
        )
        return message_id

    async def settled(self) -> None:
        """Nothing is on its way any more, on either side."""
        events = self.world.events[self.group.id]

        async def look() -> bool:
            rows = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"
            return not events.pending and not await db.fetchval(rows)

        await eventually(look, what="everything to settle")

    async def stored(self, name: str) -> bytes:
        """A client's file, once it lies in our store."""

        async def look() -> str | None:
            found: str | None = await db.fetchval(
                "SELECT sha FROM attachment WHERE name = $1 AND state = 'stored'", name
            )
            return found

        sha = await eventually(look, what=f"{name} in the store")
        assert sha is not None
        return store().path(sha).read_bytes()


@asynccontextmanager
async def company_of() -> AsyncIterator[Company]:
    """Everything up; the community's Callback server is ours."""
    world = World()
    group = world.add_group(TOKEN, "Ромашки")
    anna = world.actor(world.add_user("Анна", "Смирнова"), group)
    olga = world.operator(world.add_user("Ольга", "Петрова"), group)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(Server(world))
        await factories.queue()
        row = account(base, group.id)
        settings = {"token": TOKEN, "group_id": group.id, "api_url": base}
        assert await factories.channel("vk", "Ромашки", **settings) == 1
        services = Supervisor()
        channel = await _listen(stack, row, services)
        boris = await factories.employee("Борис")
        server = group.servers
        await world.wait_for(lambda: server and server[0].status == "ok" and server[0].events)
        await world.wait_for(lambda: world.of("messages.getConversations"))
        yield Company(
            world=world,
            group=group,
            anna=anna,
            olga=olga,
            boris=boris,
            channel=channel,
            services=services,
        )
        assert world.violations == []


async def _listen(stack: AsyncExitStack, row: Account, services: Supervisor) -> Channel:
    pipe, wakeups = InboundPipe(), Wakeups()
    bare = Channel(row)
    stack.push_async_callback(bare.close)
    intake = pipe.intake(row.id, bare.parse)
    url = await stack.enter_async_context(serving(hook(bare, intake)))
    hooked = Channel(replace(row, hook_url=f"{url}/hooks/1/x"))
    stack.push_async_callback(hooked.close)
    stack.push_async_callback(services.stop)
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    services.start("listen", lambda: hooked.run(intake))
    services.start("send", LaneWorker(LANE, ChannelSender(hooked), wakeups).run)
    fetcher = Fetcher(lambda _id: hooked, wakeups, limit=10**8)
    services.start("fetch", fetcher.run)
    return hooked
