"""Rate limits, when they are switched on."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramRetryAfter

from sandbox.botapi import groups
from tests.sandbox.conftest import Shop


async def refused(shop: Shop, chat_id: int) -> int:
    with pytest.raises(TelegramRetryAfter) as error:
        await shop.bot.send_message(chat_id, "x")
    return error.value.retry_after


async def test_off_by_default(shop: Shop) -> None:
    for _ in range(40):
        await shop.bot.send_message(shop.chat_id, "x")


async def test_one_a_second_per_chat_after_a_burst(shop: Shop) -> None:
    shop.world.config.rate_limits = True
    for _ in range(5):
        await shop.bot.send_message(shop.chat_id, "x")
    assert await refused(shop, shop.chat_id) == 1
    shop.clock.advance(1)
    await shop.bot.send_message(shop.chat_id, "x")
    assert await refused(shop, shop.chat_id) == 1
    await shop.bot.send_chat_action(shop.chat_id, "typing")


async def test_twenty_a_minute_per_group(shop: Shop) -> None:
    shop.world.config.rate_limits = True
    chat = shop.world.add_group("Team")
    groups.add_bot(shop.world, chat, shop.account, by=shop.anna.user)
    for _ in range(20):
        await shop.bot.send_message(chat.id, "x")
    assert await refused(shop, chat.id) == 3


async def test_thirty_a_second_overall(shop: Shop) -> None:
    shop.world.config.rate_limits = True
    people = [shop.world.actor(shop.world.add_user(f"P{n}"), shop.account) for n in range(31)]
    for person in people:
        person.start()
    for person in people[:30]:
        await shop.bot.send_message(person.user.id, "x")
    assert await refused(shop, people[30].user.id) == 1
