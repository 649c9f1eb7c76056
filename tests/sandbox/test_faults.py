"""Scripted faults as a client meets them."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    RestartingTelegram,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)

from sandbox.botapi import Where
from tests.sandbox.conftest import Shop


def received(shop: Shop) -> list[str]:
    return [each.text for each in shop.anna.received()]


async def test_errors_by_script(shop: Shop) -> None:
    faults, here = shop.world.faults, Where(method="sendMessage", chat_id=shop.chat_id)
    faults.too_many(7, here)
    faults.forbidden(where=here)
    faults.bad_request("message thread not found", here)
    faults.server_error(where=here)
    with pytest.raises(TelegramRetryAfter) as error:
        await shop.bot.send_message(shop.chat_id, "x")
    assert error.value.retry_after == 7
    for kind in (TelegramForbiddenError, TelegramBadRequest, RestartingTelegram):
        with pytest.raises(kind):
            await shop.bot.send_message(shop.chat_id, "x")
    assert faults.left == 0
    await shop.bot.send_message(shop.chat_id, "arrived")
    assert received(shop) == ["arrived"]


async def test_where_and_how_often(shop: Shop) -> None:
    where = Where(bot_id=shop.account.id, method="getUpdates", times=2)
    shop.world.faults.conflict(where)
    await shop.bot.get_me()
    await shop.other_bot.get_updates()
    for _ in range(2):
        with pytest.raises(TelegramConflictError):
            await shop.bot.get_updates()
    await shop.bot.get_updates()


async def test_cut_before_and_after(shop: Shop) -> None:
    shop.world.faults.reset()
    with pytest.raises(TelegramNetworkError):
        await shop.bot.send_message(shop.chat_id, "never")
    shop.world.faults.reset(after=True)
    with pytest.raises(TelegramNetworkError):
        await shop.bot.send_message(shop.chat_id, "there all the same")
    assert received(shop) == ["there all the same"]
    assert [each.outcome for each in shop.world.calls.of("sendMessage")] == ["lost", "lost"]


async def test_time_out_after_accepting(shop: Shop) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(shop.url), timeout=0.2)
    hasty = Bot(shop.bot.token, session=session)
    shop.world.faults.hang(after=True)
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await hasty.send_message(shop.chat_id, "there")
    shop.world.faults.hang()
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await hasty.send_message(shop.chat_id, "never")
    await session.close()
    assert received(shop) == ["there"]
    calls = shop.world.calls.of("sendMessage")
    await shop.world.wait_for(lambda: [each.outcome for each in calls] == ["lost", "lost"])


async def test_slow(shop: Shop) -> None:
    shop.world.faults.slow(30)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(shop.bot.send_message(shop.chat_id, "late"))
        await shop.world.wait_for(lambda: shop.world.calls.of("sendMessage"))
        assert received(shop) == []
        shop.clock.advance(30)
    assert task.result().text == "late"


async def test_duplicate_updates(shop: Shop) -> None:
    queue = shop.world.queues[shop.account.id]
    queue.duplicate_next()
    shop.anna.text("twice")
    one, two = await shop.bot.get_updates()
    assert one.update_id == two.update_id
    assert await shop.bot.get_updates(offset=one.update_id + 1) == []
    queue.redeliver(one.update_id)
    (again,) = await shop.bot.get_updates(offset=one.update_id + 1)
    assert again.update_id == one.update_id


async def test_late_and_out_of_order(shop: Shop) -> None:
    queue = shop.world.queues[shop.account.id]
    queue.hold()
    shop.anna.text("first")
    shop.anna.text("second")
    assert await shop.bot.get_updates() == []
    queue.release(reverse=True)
    updates = await shop.bot.get_updates()
    assert [each.message.text for each in updates if each.message] == ["second", "first"]


async def test_log(shop: Shop) -> None:
    await shop.bot.send_message(shop.chat_id, "hi")
    with pytest.raises(TelegramBadRequest):
        await shop.bot.send_message(shop.chat_id, "")
    good, bad = shop.world.calls.of("sendMessage", shop.chat_id)
    assert (good.params["text"], good.outcome, good.result["text"]) == ("hi", "ok", "hi")
    assert (bad.outcome, bad.code, bad.result) == (
        "error",
        400,
        "Bad Request: message text is empty",
    )
    assert shop.world.calls.of("sendMessage", 42) == []
