"""Webhooks: a real receiver over HTTP, the retry schedule on a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiohttp import web

from sandbox.botapi.state import Json
from tests.sandbox.conftest import Shop

Answer = tuple[int, dict[str, str], Json | None]
OK: Answer = (200, {}, None)
BROKEN: Answer = (500, {}, None)


class Receiver:
    """Answers by script (then 200) and keeps what it got."""

    def __init__(self) -> None:
        self.script: list[Answer] = []
        self.bodies: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside = self.most_at_once = 0
        self._moved = asyncio.Condition()

    async def entered(self, count: int) -> None:
        """Wait until `count` requests wait at the closed gate."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.inside >= count)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        async with self._moved:
            self.inside += 1
            self.most_at_once = max(self.most_at_once, self.inside)
            self._moved.notify_all()
        await self.gate.wait()
        self.inside -= 1
        status, headers, body = self.script.pop(0) if self.script else OK
        if status == 0 and request.transport is not None:
            request.transport.abort()
        if body is not None:
            return web.json_response(body, status=status or 200, headers=headers)
        return web.Response(status=status or 200, headers=headers)

    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies]


@pytest_asyncio.fixture(loop_scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def attempts(shop: Shop, count: int) -> list[tuple[float, int]]:
    """Wait for `count` attempts: seconds between them and the answers' statuses."""
    done = shop.world.webhooks[shop.account.id].deliveries
    await shop.world.wait_for(lambda: len(done) >= count)
    assert len(done) == count
    return [(each.at, each.status) for each in done]


def pending(shop: Shop) -> int:
    return len(shop.world.queues[shop.account.id].pending())


async def test_delivery_with_the_secret(shop: Shop, receiver: Receiver) -> None:
    shop.anna.text("waiting since before")
    await shop.bot.set_webhook(receiver.url, secret_token="S-e_1")
    shop.anna.text("new")
    await attempts(shop, 2)
    assert receiver.texts() == ["waiting since before", "new"]
    header = "X-Telegram-Bot-Api-Secret-Token"
    assert [headers[header] for headers in receiver.headers] == ["S-e_1"] * 2
    assert pending(shop) == 0


async def test_no_secret_no_header(shop: Shop, receiver: Receiver) -> None:
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    await attempts(shop, 1)
    assert "X-Telegram-Bot-Api-Secret-Token" not in receiver.headers[0]


async def test_retry_schedule(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [BROKEN] * 9
    await shop.bot.set_webhook(receiver.url)
    start = shop.clock.now()
    shop.anna.text("x")
    expected = 2  # the first repeat comes at once
    await attempts(shop, expected)
    for delay in (2, 4, 8, 16, 32):
        shop.clock.advance(delay - 0.5)
        await attempts(shop, expected)
        shop.clock.advance(0.5)
        expected += 1
        await attempts(shop, expected)
    for _ in range(2):  # from now on a random 60-120 s
        shop.clock.advance(59)
        await attempts(shop, expected)
        shop.clock.advance(61)
        expected += 1
        await attempts(shop, expected)
    assert {body["update_id"] for body in receiver.bodies} == {receiver.bodies[0]["update_id"]}
    shop.clock.advance(120)
    *_, (at, status) = await attempts(shop, expected + 1)
    assert status == 200
    assert at - start == 62 + 3 * 120
    await shop.world.wait_for(lambda: pending(shop) == 0)


async def test_dropped_connection_counts_as_failure(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [(0, {}, None)]
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    assert [status for _, status in await attempts(shop, 2)] == [0, 200]
    info = await shop.bot.get_webhook_info()
    assert info.last_error_message == "Webhook connection closed"


async def test_retry_after_is_obeyed(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [(503, {"Retry-After": "600"}, None)]
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    await attempts(shop, 1)
    shop.clock.advance(599)
    await attempts(shop, 1)
    shop.clock.advance(1)
    await attempts(shop, 2)


async def test_a_stuck_update_blocks_its_own_lane_only(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [BROKEN, BROKEN]
    boris = shop.world.actor(shop.world.add_user("Boris"), shop.account)
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("stuck")
    await attempts(shop, 2)
    shop.anna.text("behind")
    boris.text("free")
    await attempts(shop, 3)
    assert receiver.texts() == ["stuck", "stuck", "free"]
    shop.clock.advance(2)
    await attempts(shop, 5)
    assert receiver.texts()[3:] == ["stuck", "behind"]


async def test_lanes_share_max_connections(shop: Shop, receiver: Receiver) -> None:
    people = [shop.world.actor(shop.world.add_user(name), shop.account) for name in "abc"]
    receiver.gate.clear()
    await shop.bot.set_webhook(receiver.url, max_connections=2)
    for person in people:
        person.text(person.user.name)
    await receiver.entered(2)
    receiver.gate.set()
    await attempts(shop, 3)
    assert receiver.most_at_once == 2


async def test_update_is_given_up_after_a_day(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [BROKEN] * 3
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    await attempts(shop, 2)
    shop.clock.advance(86_399)
    await attempts(shop, 3)
    await shop.world.wait_for(lambda: pending(shop) == 0)


async def test_gone_for_23_hours_removes_the_webhook(shop: Shop, receiver: Receiver) -> None:
    receiver.script = [(410, {}, None)] * 4
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    await attempts(shop, 2)
    shop.clock.advance(23 * 3600 + 1)
    await attempts(shop, 3)
    await shop.world.wait_for(lambda: not shop.world.webhooks[shop.account.id].url)
    assert (await shop.bot.get_webhook_info()).url == ""


async def test_method_in_the_answer(shop: Shop, receiver: Receiver) -> None:
    body: Json = {"method": "sendMessage", "chat_id": shop.chat_id, "text": "by answer"}
    receiver.script = [(200, {}, body)]
    await shop.bot.set_webhook(receiver.url)
    shop.anna.text("x")
    await shop.anna.wait_text("by answer")


async def test_settings(shop: Shop) -> None:
    url = "http://127.0.0.1:9/hook"
    await shop.bot.set_webhook(url, max_connections=7, allowed_updates=["message"])
    info = await shop.bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (url, 7, ["message"])
    with pytest.raises(TelegramRetryAfter) as error:
        await shop.bot.set_webhook(url)
    assert error.value.retry_after == 1
    for bad, message in [
        ("ftp://127.0.0.1/", "invalid webhook URL specified"),
        ("https://example.com/hook", "loopback addresses only"),
    ]:
        shop.clock.advance(1)
        with pytest.raises(TelegramBadRequest, match=message):
            await shop.bot.set_webhook(bad)
    for secret, message in [
        ("a b", "unallowed characters"),
        ("a" * 257, "secret token is too long"),
    ]:
        shop.clock.advance(1)
        with pytest.raises(TelegramBadRequest, match=message):
            await shop.bot.set_webhook(url, secret_token=secret)


async def test_drop_pending(shop: Shop) -> None:
    shop.anna.text("x")
    await shop.bot.delete_webhook(drop_pending_updates=True)
    assert await shop.bot.get_updates() == []
