"""getUpdates: confirmation, filters, long polling, conflicts, expiry, a real Dispatcher."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Message

from tests.sandbox.conftest import Shop


async def texts(shop: Shop, offset: int | None = None, limit: int | None = None) -> list[str]:
    updates = await shop.bot.get_updates(offset=offset, limit=limit)
    return [each.message.text or "" for each in updates if each.message]


async def test_offset_confirms(shop: Shop) -> None:
    for text in "abc":
        shop.anna.text(text)
    first, *_ = await shop.bot.get_updates()
    assert await texts(shop, limit=2) == ["a", "b"]
    assert await texts(shop, offset=first.update_id + 1) == ["b", "c"]
    assert await texts(shop) == ["b", "c"]
    assert await texts(shop, offset=-1) == ["c"]
    assert await texts(shop) == ["c"]


async def test_update_ids_grow_by_one(shop: Shop) -> None:
    for text in "abc":
        shop.anna.text(text)
    ids = [each.update_id for each in await shop.bot.get_updates()]
    assert ids == list(range(ids[0], ids[0] + 3))


async def test_allowed_updates_are_remembered(shop: Shop) -> None:
    await shop.bot.get_updates(allowed_updates=["edited_message"])
    message = shop.anna.text("a")
    shop.anna.edit(message, "b")
    (update,) = await shop.bot.get_updates()
    assert update.edited_message is not None
    await shop.bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
    assert await texts(shop) == []
    shop.anna.text("c")
    assert await texts(shop) == ["c"]


async def test_updates_die_after_a_day(shop: Shop) -> None:
    shop.anna.text("old")
    shop.clock.advance(86_399)
    assert await texts(shop) == ["old"]
    shop.clock.advance(2)
    assert await texts(shop) == []


async def test_long_poll_ends_with_the_first_update(shop: Shop) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(shop.bot.get_updates(timeout=30))
        await shop.world.wait_for(lambda: shop.world.calls.of("getUpdates"))
        shop.anna.text("now")
    assert [each.message.text for each in poll.result() if each.message] == ["now"]


async def test_long_poll_ends_empty_when_the_time_is_over(shop: Shop) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(shop.bot.get_updates(timeout=1000))
        await shop.world.wait_for(lambda: shop.world.calls.of("getUpdates"))
        shop.clock.advance(51)
    assert poll.result() == []


async def test_second_poller_throws_the_first_out(shop: Shop) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(conflict_text(shop))
        await shop.world.wait_for(lambda: shop.world.calls.of("getUpdates"))
        assert await shop.bot.get_updates(timeout=0) == []
    assert "terminated by other getUpdates request" in first.result()


async def test_webhook_excludes_polling(shop: Shop) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(conflict_text(shop))
        await shop.world.wait_for(lambda: shop.world.calls.of("getUpdates"))
        await shop.bot.set_webhook("http://127.0.0.1:9/hook")
    assert "terminated by setWebhook request" in first.result()
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook"):
        await shop.bot.get_updates()
    await shop.bot.delete_webhook()
    await shop.bot.get_updates()


async def conflict_text(shop: Shop) -> str:
    with pytest.raises(TelegramConflictError) as error:
        await shop.bot.get_updates(timeout=30)
    return error.value.message


async def test_a_real_dispatcher_answers(shop: Shop) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(f"echo {message.text}")

    async with asyncio.TaskGroup() as group:
        polling = dispatcher.start_polling(
            shop.bot, handle_signals=False, close_bot_session=False, polling_timeout=30
        )
        group.create_task(polling)
        shop.anna.text("hello")
        answer = await shop.anna.wait_text("echo hello")
        await dispatcher.stop_polling()
    assert answer.sender.id == shop.account.id
