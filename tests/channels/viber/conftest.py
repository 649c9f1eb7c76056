"""A Viber bot in the sandbox, a client's phone, our live channel behind a real webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio
from aiohttp import web

from channels.viber.channel import Channel
from channels.viber.config import Config
from channels.viber.parse import parse
from crm_core.kernel import secrets
from routing import contracts
from routing.contracts import Account, HookRequest
from sandbox.viber import Bot, Phone, Server, User, World
from tests.channels import doubles

TOKEN = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51f"
KEEPS_THE_CONTRACT: type[contracts.Channel] = Channel  # for the type checker


class MemoryIntake(doubles.MemoryIntake):
    parse = staticmethod(parse)


@dataclass(slots=True, kw_only=True)
class Shop:
    """Everything a test needs: the pretended Viber, a client, our side of it."""

    world: World
    server: Server
    bot: Bot
    maria: Phone
    account: Account
    channel: Channel
    intake: MemoryIntake


def account(base_url: str, **settings: Any) -> Account:
    config = Config.model_validate(
        {"token": TOKEN, "sender_name": "Ромашка", "api_url": base_url} | settings
    )
    return Account(id=1, kind="viber", name="Viber", hook_url=None, hook_secret="s", config=config)


@asynccontextmanager
async def hooked(channel: Channel, intake: MemoryIntake) -> AsyncIterator[str]:
    """Our webhook on a port of its own; its address."""

    async def answer(request: web.Request) -> web.Response:
        headers = {key.lower(): value for key, value in request.headers.items()}
        call = HookRequest(
            method=request.method,
            headers=headers,
            query=dict(request.query),
            body=await request.read(),
        )
        reply = await channel.receive(call, intake)
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    app = web.Application()
    app.router.add_route("*", "/hooks/1/s", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/1/s"
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """The webhook is registered already."""
    secrets.use_key("a key for tests only")
    world, intake = World(), MemoryIntake()
    bot = world.add_bot(TOKEN, "Ромашка")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(world))
        row = account(server.url, welcome="Здравствуйте! Чем помочь?")
        receiver = Channel(row)
        url = await stack.enter_async_context(hooked(receiver, intake))
        row = replace(row, hook_url=url)
        channel = Channel(row)
        bot.webhook, bot.event_types = url, ["delivered", "seen", "failed", "subscribed"]
        bot.event_types += ["unsubscribed", "conversation_started"]
        maria = Phone(server, bot, User(id="01234567890A=", name="Мария Петрова"))
        yield Shop(
            world=world,
            server=server,
            bot=bot,
            maria=maria,
            account=row,
            channel=channel,
            intake=intake,
        )
        await channel.close()
        await receiver.close()
    assert world.violations == []
