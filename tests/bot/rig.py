"""A company at work: clients and managers in a pretended Telegram, everything of ours real."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from admin_web.app import build as build_web
from admin_web.context import Context
from app.handlers import HANDLERS, TIMERS
from bot.app import Address, BotService
from bot.dialogs.posts import QUIET_LANE
from channels import registry
from crm_core.kernel import db, i18n
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.pump import Pump
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import BOT_LANE
from crm_core.staff import commands as staff
from crm_core.staff.queries import actor_of_employee
from routing.contracts import Pacing
from routing.fetching import Fetcher
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner, Live
from sandbox.botapi import Server, World
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Bot as Account
from sandbox.botapi.state import Message
from sandbox.tokens import CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN
from tests import factories
from tests.waiting import eventually

QUICK = Pacing(rate=500, burst=500, chat_rate=500, chat_burst=500)


@dataclass(kw_only=True)
class Rig:
    """`shop` is the clients' bot, `desk` the managers'."""

    world: World
    url: str
    shop: Account
    desk: Account
    pacing: Pacing = QUICK
    wakeups: Wakeups = field(default_factory=Wakeups)
    supervisor: Supervisor = field(default_factory=Supervisor)
    service: BotService | None = None
    public_url: str | None = None
    pipe: InboundPipe = field(default_factory=InboundPipe)
    runner: ChannelRunner = field(init=False)
    files: Fetcher = field(init=False)

    async def start(self) -> None:
        """Queue, clients' channel, and all services."""
        self.supervisor.start("wakeups", self.wakeups.run)
        await self.wakeups.listening.wait()
        await factories.queue()
        await factories.channel(
            "telegram", "Магазин", token=CLIENTS_BOT_TOKEN, api_url=self.url, mode="polling"
        )
        self.runner = ChannelRunner(
            registry.kind, self.pipe, self.wakeups, public_url=self.public_url
        )
        self.files = Fetcher(self.runner.channel_of, self.wakeups, limit=50 * 2**20)
        self.supervisor.start("channels", self.runner.run)
        self.supervisor.start("files", self.files.run)
        self.supervisor.start("pump", Pump(HANDLERS, self.wakeups).run)
        self.supervisor.start("timers", Timers(TIMERS, self.wakeups).run)
        await self.start_bot()

    async def start_bot(self) -> None:
        address = Address(token=MANAGERS_BOT_TOKEN, api_url=self.url)
        pacing = {BOT_LANE: self.pacing, QUIET_LANE: self.pacing}
        self.service = BotService(address, self.wakeups, pacing)
        self.supervisor.start("bot", self.service.run)

    async def stop_bot(self) -> None:
        await self.supervisor.cancel("bot")
        assert self.service is not None
        await self.service.close()

    async def restart(self) -> None:
        """A new dispatcher, storage and connection, as after a restart of the process."""
        await self.stop_bot()
        await self.start_bot()

    async def stop(self) -> None:
        await self.stop_bot()
        await self.supervisor.stop()

    # --- people ------------------------------------------------------------------------------

    def client(self, name: str = "Пётр Иванов", **rest: Any) -> Person:
        """Somebody who may write to the shop."""
        return self.world.actor(self.world.add_user(name, **rest), self.shop)

    def stranger(self, name: str = "Анна", language: str = "ru") -> Person:
        """Somebody before the managers' bot, whoever they are."""
        return self.world.actor(self.world.add_user(name, language_code=language), self.desk)

    async def employee(
        self,
        name: str,
        *,
        role: Role = Role.MANAGER,
        language: str = "ru",
        presence: staff.Presence = "on",
    ) -> Person:
        """An employee who has used their log-in link; the home message is there."""
        actor = await factories.employee(name, role=role, presence=presence, language=language)
        token = await staff.invite(SYSTEM, employee_id=actor.id)
        person = self.stranger(name, language)
        person.start(token)
        await person.wait_text(f"🏠 {name}")
        return person

    async def actor(self, person: Person) -> Actor:
        """Who this person is to Pult."""
        found = await db.fetchval("SELECT id FROM employee WHERE telegram_id = $1", person.user.id)
        actor = await actor_of_employee(found)
        assert actor is not None
        return actor

    # --- looking -----------------------------------------------------------------------------

    async def settled(self) -> None:
        """Until nothing is on its way any more: updates, facts, rows.

        Seen several times in a row, because an update in a handler's hands is nowhere for a moment.
        """
        seen = 0

        async def quiet() -> bool:
            nonlocal seen
            seen = seen + 1 if await self._is_quiet() else 0
            return seen >= 4

        await eventually(quiet, what="everything to settle")

    async def _is_quiet(self) -> bool:
        busy = await db.fetchval(BUSY)
        waiting = [queue.pending() for queue in self.world.queues.values()]
        return not busy and not any(waiting)

    async def dialog(self) -> Any:
        """The newest dialog's row."""
        row = await db.fetchrow("SELECT * FROM dialog ORDER BY id DESC LIMIT 1")
        assert row is not None
        return row


BUSY = """
SELECT (SELECT count(*) FROM raw_event WHERE state = 'new')
  + (SELECT count(*) FROM event WHERE NOT pumped)
  + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))
  + (SELECT count(*) FROM attachment WHERE state = 'pending')
"""


def ru(message: str, **params: object) -> str:
    """A text of any room as a Russian reader sees it."""
    with i18n.using("ru"):
        return i18n.gettext(message) % params


def texts(person: Person) -> list[str]:
    """What the person has been sent, oldest first."""
    return [message.text for message in person.received()]


def labels(message: Message) -> list[str]:
    """Buttons under a message."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def build(
    stack: AsyncExitStack, *, topics: bool, pacing: Pacing = QUICK, site: Site | None = None
) -> Rig:
    """A running company; it stops with the stack."""
    world = World()
    shop = world.add_bot(CLIENTS_BOT_TOKEN, "Магазин", username="shop_bot")
    desk = world.add_bot(
        MANAGERS_BOT_TOKEN, "Пульт", username="desk_bot", has_topics_enabled=topics
    )
    url = await stack.enter_async_context(Server(world))
    rig = Rig(world=world, url=url, shop=shop, desk=desk, pacing=pacing)
    if site is not None:
        rig.pipe, rig.public_url = site.pipe, site.url
        site.rigs.append(rig)
    stack.push_async_callback(rig.stop)
    await rig.start()
    return rig


@dataclass(slots=True)
class Site:
    """The web server in front of a company, for providers that call back."""

    pipe: InboundPipe = field(default_factory=InboundPipe)
    rigs: list[Rig] = field(default_factory=list)
    url: str = ""

    def live(self) -> Mapping[int, Live]:
        return self.rigs[0].runner.live if self.rigs else {}


async def reachable(stack: AsyncExitStack) -> Rig:
    """A running company that providers can call."""
    site = Site()
    app = build_web(Context(live=site.live, pipe=site.pipe))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return await build(stack, topics=False, site=site)


async def accepted(rig: Rig, manager: Person, client: Person, words: str) -> Message:
    """A dialog the manager has accepted; the card (or work card) it is led from."""
    client.text(words)
    card = await manager.wait_text(words)
    await manager.press("✅ Принять", card).answer()
    await rig.settled()
    return next(one for one in reversed(manager.received()) if "⚡ Быстрый ответ" in labels(one))
