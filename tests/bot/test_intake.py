"""Updates as rows: stored first, handled in order, once, whatever dies in between."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from bot import hook, intake
from crm_core.kernel import db
from crm_core.kernel.wake import Wakeups
from routing.contracts import HookRequest
from tests.bot.rig import Rig, accepted, texts
from tests.waiting import eventually

SECRET = "s3cret"


def update(number: int, chat: int = 7, text: str = "x") -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": text},
    }


async def states() -> dict[str, str]:
    rows = await db.fetch("SELECT key, state FROM raw_event WHERE channel_id = 0 ORDER BY id")
    return {row["key"]: row["state"] for row in rows}


async def test_replayed_updates_change_nothing_twice(rig: Rig) -> None:
    """As after `kill -9` between the effect and its mark: every row is handled once more."""
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    anna.text("Есть", reply_to=card)
    anna.text("// торгуется", reply_to=card)
    anna.press("💤 Отложить", card)
    await anna.wait_text("До какого времени?")
    anna.press("Пока клиент не напишет", card)
    await anna.wait_text("Отложен, пока")
    await petr.wait_text("Есть")
    await rig.settled()
    facts = await db.fetchval("SELECT count(*) FROM event")
    await rig.stop_bot()
    again = await db.execute("UPDATE raw_event SET state = 'new' WHERE channel_id = 0")
    assert again >= 6
    await rig.start_bot()
    await rig.settled()
    assert "new" not in (await states()).values()
    assert texts(petr) == ["Есть"]
    assert await db.fetchval("SELECT count(*) FROM message") == 3
    assert await db.fetchval("SELECT count(*) FROM event") == facts


async def test_what_a_crash_left_is_handled_first(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    await rig.stop_bot()
    said = anna.text("раньше", reply_to=card)
    pending = [one.json() for one in rig.world.queues[rig.desk.id].pending()]
    for each in pending:
        await intake.store(each)
    anna.text("позже", reply_to=card)
    await rig.start_bot()
    await petr.wait_text("позже")
    await rig.settled()
    assert texts(petr) == ["раньше", "позже"]
    assert said.reactions


async def test_order_is_kept_within_a_chat(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    await anna.press("✍️ Писать", card).answer()
    said = [f"строка {number}" for number in range(6)]
    for line in said:
        anna.text(line)
    await petr.wait_text("строка 5", timeout=10)
    assert texts(petr) == said


@pytest.mark.usefixtures("opened")
async def test_chats_do_not_wait_for_each_other() -> None:
    slow, seen = asyncio.Event(), []

    async def feed(found: dict[str, Any]) -> None:
        if found["message"]["chat"]["id"] == 1:
            await slow.wait()
        seen.append(found["update_id"])

    for number, chat in ((1, 1), (2, 1), (3, 2), (4, 3)):
        await intake.store(update(number, chat))
    feeder = intake.Feeder(feed, Wakeups())
    async with asyncio.TaskGroup() as group:
        group.create_task(feeder.drain())

        async def others() -> bool:
            return sorted(seen) == [3, 4]

        await eventually(others, what="the other chats")
        slow.set()
    assert seen[2:] == [1, 2]
    assert set((await states()).values()) == {"done"}


@pytest.mark.usefixtures("opened")
async def test_bad_update_is_kept_as_failed_and_stops_nobody() -> None:
    async def feed(found: dict[str, Any]) -> None:
        if found["update_id"] == 1:
            message = "never seen this"
            raise ValueError(message)

    await intake.store(update(1))
    await intake.store(update(2))
    await intake.Feeder(feed, Wakeups()).drain()
    assert await states() == {"1": "failed", "2": "done"}
    error = await db.fetchval("SELECT error FROM raw_event WHERE state = 'failed'")
    assert "never seen this" in error


@pytest.mark.usefixtures("opened")
async def test_database_going_away_leaves_the_update_for_later() -> None:
    async def feed(_found: dict[str, Any]) -> None:
        message = "connection refused"
        raise db.Away(message)

    await intake.store(update(1))
    with pytest.raises(ExceptionGroup):
        await intake.Feeder(feed, Wakeups()).drain()
    assert await states() == {"1": "new"}


def call(body: bytes, secret: str = SECRET, method: str = "POST") -> HookRequest:
    headers = {"x-telegram-bot-api-secret-token": secret} if secret else {}
    return HookRequest(method=method, headers=headers, query={}, body=body)


@pytest.mark.usefixtures("opened")
async def test_hook_stores_before_it_answers() -> None:
    body = orjson.dumps(update(5))
    assert (await hook.receive(call(body), SECRET)).status == 200
    assert (await hook.receive(call(body), SECRET)).status == 200
    assert await states() == {"5": "new"}


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("secret", ["", "wrong"])
async def test_hook_refuses_strangers(secret: str) -> None:
    assert (await hook.receive(call(orjson.dumps(update(5)), secret), SECRET)).status == 403
    assert (await hook.receive(call(orjson.dumps(update(5)), secret), "")).status == 403
    assert await states() == {}


@pytest.mark.usefixtures("opened")
async def test_hook_keeps_malformed_bodies_and_does_not_make_telegram_hammer() -> None:
    assert (await hook.receive(call(b"{not json"), SECRET)).status == 200
    assert (await hook.receive(call(b'{"update_id": "x"}'), SECRET)).status == 200
    assert (await hook.receive(call(b"", method="GET"), SECRET)).status == 405
    assert list((await states()).values()) == ["failed", "failed"]


async def test_webhook_brings_updates(rig: Rig) -> None:
    """The same bot, pushed to: what is stored by another role is handled by this one."""
    anna = await rig.employee("Анна")
    await rig.settled()
    body = orjson.dumps(
        {
            "update_id": 10**9,
            "callback_query": None,
            "message": {
                "message_id": 900,
                "date": 1,
                "chat": {"id": anna.user.id, "type": "private", "first_name": "A"},
                "from": {"id": anna.user.id, "is_bot": False, "first_name": "A"},
                "text": "/help",
            },
        }
    )
    assert (await hook.receive(call(body), SECRET)).status == 200
    await anna.wait_text("Что здесь можно делать")


async def test_two_processes_share_the_work_one_at_a_time(rig: Rig) -> None:
    from bot.app import Address, BotService
    from sandbox.tokens import MANAGERS_BOT_TOKEN

    anna, petr = await rig.employee("Анна"), rig.client()
    second = BotService(Address(token=MANAGERS_BOT_TOKEN, api_url=rig.url), rig.wakeups)
    rig.supervisor.start("second", second.run)
    card = await accepted(rig, anna, petr, "Есть розы?")
    await rig.stop_bot()
    anna.text("Есть", reply_to=card)
    await petr.wait_text("Есть")
    await rig.supervisor.cancel("second")
    await second.close()
    await rig.start_bot()
    refused = [call for call in rig.world.calls.of("getUpdates") if call.code == 409]
    assert refused == []
