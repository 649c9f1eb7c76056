"""Webhooks: only Telegram gets in, and it gets its 200 only when the update is stored."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from aiogram.methods import GetWebhookInfo
from aiohttp import ClientSession

from channels.telegram.hook import SECRET_HEADER, Registrar, is_authentic
from channels.telegram.updates import WANTED
from crm_core.dialogs.messages import InboundMessage
from routing.contracts import ChannelBroken, HookRequest
from tests.channels.telegram.conftest import SECRET, Shop
from tests.channels.telegram.doubles import MemoryIntake, hook, running, serving
from tests.channels.telegram.samples import body
from tests.waiting import eventually

ELSEWHERE = "http://127.0.0.1:9/hooks/old"


def call(raw: bytes, secret: str | None = SECRET, method: str = "POST") -> HookRequest:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return HookRequest(method=method, headers=headers, query={}, body=raw)


def update(name: str = "text") -> bytes:
    return json.dumps(body(name)).encode()


async def test_an_update_is_stored_and_acknowledged(shop: Shop) -> None:
    intake = MemoryIntake()
    reply = await shop.channel.receive(call(update()), intake)
    assert (reply.status, reply.body) == (200, b"")
    (event,) = intake.events
    assert isinstance(event, InboundMessage)
    assert event.text.startswith("Здравствуйте")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "я"])
async def test_strangers_are_turned_away_before_anything_is_read(
    shop: Shop, secret: str | None
) -> None:
    intake = MemoryIntake()
    for raw in (update(), b"{"):
        assert (await shop.channel.receive(call(raw, secret), intake)).status == 403
    assert (intake.asked, intake.refused) == ([], [])


def test_an_empty_secret_opens_nothing() -> None:
    assert not is_authentic(call(b"", ""), "")
    assert not is_authentic(call(b"", None), "")


async def test_only_posts_are_updates(shop: Shop) -> None:
    reply = await shop.channel.receive(call(b"", method="GET"), MemoryIntake())
    assert reply.status == 405


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"message":{}}', b'{"update_id":"1"}'])
async def test_what_is_no_update_is_kept_and_acknowledged(shop: Shop, raw: bytes) -> None:
    intake = MemoryIntake()
    assert (await shop.channel.receive(call(raw), intake)).status == 200
    ((key, kept, reason),) = intake.refused
    assert (kept, bool(reason)) == (raw, True)
    assert key.startswith("body:")
    assert intake.asked == []


async def test_telegram_sends_again_what_was_not_stored(shop: Shop) -> None:
    intake = MemoryIntake(failing=1)
    assert (await shop.channel.receive(call(update()), intake)).status == 500
    assert (await shop.channel.receive(call(update()), intake)).status == 200
    assert len(intake.stored) == 1


async def test_a_pressed_button_stops_its_clock(shop: Shop) -> None:
    reply = await shop.channel.receive(call(update("callback_query")), MemoryIntake())
    assert json.loads(reply.body) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "21900000000000001",
    }


async def test_messages_arrive_through_a_real_webhook(shop: Shop) -> None:
    intake = MemoryIntake(failing=1)
    async with serving(hook(shop.channel, intake)) as url:
        hooked = shop.with_hook(f"{url}/hooks/1/x")
        async with running(hooked.run(intake)):
            await shop.world.wait_for(lambda: shop.world.calls.of("setWebhook"))
            shop.anna.start()
            shop.anna.text("Есть кто?")

            async def both() -> bool:
                return len(intake.stored) == 2

            await eventually(both, what="both messages")
        await hooked.close()
    assert intake.texts == ["Есть кто?"]
    assert not shop.world.calls.of("getUpdates")


async def test_the_webhook_is_registered_only_when_it_differs(shop: Shop) -> None:
    ours = replace(shop.account, hook_url="http://127.0.0.1:9/hooks/1/x")
    registrar = Registrar(api=shop.api, account=ours)
    known = shop.world.webhooks[shop.bot.id]
    known.url = ELSEWHERE
    assert await registrar.register()
    assert not await registrar.register()
    assert (known.url, known.secret) == (ours.hook_url, SECRET)
    info = await shop.api.call(GetWebhookInfo())
    assert sorted(info["allowed_updates"]) == sorted(WANTED)


async def test_a_webhook_that_calls_with_an_old_secret_is_set_again(shop: Shop) -> None:
    ours = replace(shop.account, hook_url="http://127.0.0.1:9/hooks/1/x")
    known = shop.world.webhooks[shop.bot.id]
    known.url, known.secret = str(ours.hook_url), "old"
    shop.world.queues[shop.bot.id].allow(WANTED)
    known.last_error = "Wrong response from the webhook: 403 Forbidden"
    assert await Registrar(api=shop.api, account=ours).register()
    assert known.secret == SECRET


async def test_webhook_mode_without_an_address_says_what_is_missing(shop: Shop) -> None:
    with pytest.raises(ChannelBroken, match="PULT_PUBLIC_URL"):
        await Registrar(api=shop.api, account=shop.account).register()


async def test_registering_goes_on_after_trouble(shop: Shop) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise StopAsyncIteration

    shop.world.faults.server_error()
    ours = replace(shop.account, hook_url="http://127.0.0.1:9/hooks/1/x")
    with pytest.raises(StopAsyncIteration):
        await Registrar(api=shop.api, account=ours, pause=pause).run()
    assert pauses == [30.0, 300.0]
    assert len(shop.world.calls.of("setWebhook")) == 1


async def test_strangers_are_turned_away_over_http_too(shop: Shop) -> None:
    intake = MemoryIntake()
    async with serving(hook(shop.channel, intake)) as url, ClientSession() as session:
        for headers, status in (({}, 403), ({SECRET_HEADER.title(): SECRET}, 200)):
            async with session.post(url, data=update(), headers=headers) as response:
                assert response.status == status
    assert len(intake.stored) == 1
