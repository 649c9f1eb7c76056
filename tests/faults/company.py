"""A company whose hubs are processes: pretended Telegram and the database belong to the test."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.postgres import attach
from channels.registry import capabilities as channel_capabilities
from crm_core.dialogs import capabilities, commands, replies
from crm_core.files.store import use_store
from crm_core.kernel import db, secrets
from crm_core.kernel.actors import Actor
from sandbox.botapi import Server, World
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.calls import Call
from sandbox.botapi.state import Bot
from sandbox.tokens import CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN
from tests import factories
from tests.faults.hubs import KEY, PATIENCE, Hub, Hubs
from tests.faults.relay import Relay
from tests.waiting import eventually

HOOKED_BOT_TOKEN = "7000000003:SANDBOX-second-clients-bot-no-secret"
_names = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A clients' bot and its channel."""

    bot: Bot
    channel: int


@dataclass(kw_only=True)
class Company:
    """`polled` asks for its updates, `hooked` is called. `hub` is the one at work."""

    world: World
    hubs: Hubs
    relay: Relay
    desk: Bot
    polled: Shop
    hooked: Shop
    hub: Hub | None = None
    managers: list[Actor] = field(default_factory=list)

    # --- hubs -----------------------------------------------------------------------------------

    async def up(self) -> Hub:
        """The hub at work, started when there is none."""
        if self.hub is None or not self.hub.running:
            self.at_work(await self.hubs.start())
        assert self.hub is not None
        return self.hub

    def at_work(self, *hubs: Hub) -> None:
        """These are called by providers; the first is `hub`."""
        self.hub = hubs[0]
        self.relay.targets = [int(hub.url.rsplit(":", 1)[1]) for hub in hubs]

    async def crash(self) -> None:
        """kill -9."""
        assert self.hub is not None
        await self.hub.kill()

    # --- people ---------------------------------------------------------------------------------

    def client(self, shop: Shop | None = None) -> Person:
        """Somebody new who may write to a shop."""
        user = self.world.add_user(f"Клиент {next(_names)}")
        return self.world.actor(user, (shop or self.polled).bot)

    async def manager(self, name: str) -> Actor:
        """Somebody on shift who has opened the managers' bot."""
        user = self.world.add_user(name)
        self.world.actor(user, self.desk).start()
        actor = await factories.employee(name, telegram_id=user.id, capacity=1000)
        self.managers.append(actor)
        return actor

    async def phone(self, actor: Actor) -> Person:
        """A manager's phone."""
        number = await db.fetchval("SELECT telegram_id FROM employee WHERE id = $1", actor.id)
        return self.world.actor(self.world.users[number], self.desk)

    async def answer(self, actor: Actor, dialog_id: int, text: str) -> int:
        """Queue an answer; its message id."""
        message_id: int = await replies.reply(actor, dialog_id=dialog_id, text=text)
        return message_id

    async def talk(self, shop: Shop | None = None) -> tuple[Person, int, Actor]:
        """A client, their dialog, and the manager who has accepted it; nothing under way."""
        await self.up()
        client = self.client(shop)
        client.text("Здравствуйте")
        dialog = await self.dialog(client)
        actor = next(one for one in self.managers if one.id == dialog["offered_to_id"])
        await commands.accept(actor, dialog_id=dialog["id"])
        await self.settled()
        return client, dialog["id"], actor

    # --- looking --------------------------------------------------------------------------------

    async def dialog(self, client: Person) -> db.Row:
        """The client's dialog, once it is offered to somebody."""

        async def look() -> db.Row | None:
            return await db.fetchrow(DIALOG, str(client.user.id))

        found = await eventually(look, timeout=PATIENCE, what="a dialog")
        assert found is not None
        return found

    async def stored(self, client: Person) -> list[str]:
        """The client's texts as the hub has them, in its order."""
        return [row["text"] for row in await db.fetch(STORED, str(client.user.id))]

    async def arrived(self, client: Person, texts: Sequence[str]) -> None:
        """Wait for exactly these texts, and until nothing is on its way."""

        async def look() -> bool:
            return len(await self.stored(client)) >= len(texts)

        await eventually(look, timeout=PATIENCE, what=f"{len(texts)} messages")
        await self.settled()
        assert await self.stored(client) == list(texts)

    async def settled(self) -> None:
        """Until nothing is on its way any more: updates, facts, rows."""

        async def look() -> bool:
            busy = await db.fetchval(BUSY)
            return not busy and not any(queue.pending() for queue in self.world.queues.values())

        await eventually(look, timeout=PATIENCE, what="everything to settle")

    async def statuses(self, *message_ids: int) -> list[str]:
        """The statuses of outgoing messages."""
        sql = "SELECT status FROM message WHERE id = ANY($1::bigint[]) ORDER BY id"
        return [row["status"] for row in await db.fetch(sql, message_ids)]

    def notices(self, text: str) -> list[Call]:
        """Messages to managers that hold this text."""
        return [
            call
            for call in self.world.calls.of("sendMessage")
            if call.bot_id == self.desk.id and text in call.params["text"]
        ]

    async def call(self, method: str, outcome: str = "pending", **params: Any) -> Call:
        """The call that stands before the sandbox (or came out so) at this moment."""

        def look() -> Call | None:
            return next(
                (
                    call
                    for call in reversed(self.world.calls.of(method))
                    if call.outcome == outcome
                    and params.items() <= (call.params | {"bot": call.bot_id}).items()
                ),
                None,
            )

        found = await self.world.wait_for(look, PATIENCE)
        assert found is not None
        return found


DIALOG = """
SELECT id, offered_to_id, assignee_id, state FROM dialog
WHERE chat = $1 AND (offered_to_id IS NOT NULL OR assignee_id IS NOT NULL)
"""
STORED = """
SELECT m.text FROM message m JOIN dialog d ON d.id = m.dialog_id
WHERE d.chat = $1 AND m.direction = 'in' ORDER BY m.at, m.id
"""
BUSY = """
SELECT (SELECT count(*) FROM raw_event WHERE state = 'new')
  + (SELECT count(*) FROM event WHERE NOT pumped)
  + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))
"""


def received(client: Person) -> list[str]:
    """What a client sees of the shop, oldest first."""
    return [message.text for message in client.received()]


@asynccontextmanager
async def company_of(dsn: str | None, folder: Path) -> AsyncIterator[Company]:
    """A company with two bots for its clients and one manager.

    No hub runs yet; without a DSN one does, over its embedded PostgreSQL.
    """
    world, relay = World(), Relay()
    desk = world.add_bot(MANAGERS_BOT_TOKEN, "Пульт", username="desk_bot")
    async with AsyncExitStack() as stack:
        await relay.start()
        stack.push_async_callback(relay.stop)
        api_url = await stack.enter_async_context(Server(world))
        hubs = Hubs(folder=folder, environment=_environment(folder, api_url, relay))
        stack.push_async_callback(hubs.close)
        if dsn:
            hubs.environment["PULT_DATABASE_URL"] = dsn
        hub = None if dsn else await hubs.start()
        await _open(dsn or await attach(folder), folder)
        stack.push_async_callback(db.close_db)
        await factories.queue()
        found = Company(
            world=world,
            hubs=hubs,
            relay=relay,
            desk=desk,
            polled=await _shop(world, CLIENTS_BOT_TOKEN, api_url, "polling"),
            hooked=await _shop(world, HOOKED_BOT_TOKEN, api_url, "webhook"),
        )
        if hub is not None:
            found.at_work(hub)
        await found.manager("Анна Смирнова")
        yield found


async def _open(dsn: str | None, folder: Path) -> None:
    """The kernel of this process, on the hubs' database."""
    assert dsn is not None
    secrets.use_key(KEY)
    capabilities.use(channel_capabilities)
    use_store(folder / "files")
    await db.open_db(dsn)


async def _shop(world: World, token: str, api_url: str, mode: str) -> Shop:
    bot = world.add_bot(token, "Магазин", username=f"shop_{mode}_bot")
    channel = await factories.channel("telegram", mode, token=token, api_url=api_url, mode=mode)
    return Shop(bot=bot, channel=channel)


def _environment(folder: Path, api_url: str, relay: Relay) -> dict[str, str]:
    return {
        "PULT_DATA_DIR": str(folder),
        "PULT_SECRET_KEY": KEY,
        "PULT_BOT_TOKEN": MANAGERS_BOT_TOKEN,
        "PULT_TELEGRAM_API_URL": api_url,
        "PULT_PUBLIC_URL": f"http://127.0.0.1:{relay.port}",
    }
