"""Callback API: only VK gets in, and it gets its `ok` only when the event is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.vk.hook import RETRY_HEADER, Registrar, same, secret_of
from crm_core.dialogs.messages import (
    Button,
    InboundEdit,
    InboundMessage,
    InboundOwn,
    InboundPress,
    InboundReach,
    InboundReceipt,
    Kind,
    OutboundPart,
)
from routing.contracts import ChannelBroken, HookRequest
from sandbox.botapi.images import plain_png
from tests.channels.vk.conftest import Shop
from tests.channels.vk.doubles import MemoryIntake, hook, running, serving
from tests.waiting import eventually

ELSEWHERE = "http://127.0.0.1:9/hooks/old"


def event(shop: Shop, **changes: Any) -> dict[str, Any]:
    message = {
        "id": 1,
        "conversation_message_id": 1,
        "date": 1_800_000_000,
        "from_id": shop.anna.user.id,
        "peer_id": shop.anna.user.id,
        "text": "Здравствуйте",
    }
    return {
        "type": "message_new",
        "event_id": "e1",
        "v": "5.199",
        "group_id": shop.group.id,
        "secret": secret_of(shop.account, shop.config),
        "object": {"message": message, "client_info": {}},
    } | changes


def call(body: dict[str, Any] | bytes, method: str = "POST", **headers: str) -> HookRequest:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookRequest(method=method, headers=headers, query={}, body=raw)


async def test_an_event_is_stored_and_answered_with_exactly_ok(shop: Shop) -> None:
    intake = MemoryIntake()
    reply = await shop.channel.receive(call(event(shop)), intake)
    assert (reply.status, reply.body, reply.content_type) == (200, b"ok", "text/plain")
    assert intake.texts == ["Здравствуйте"]
    assert "secret" not in intake.stored["e1"].body


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "wrong"},
        {"secret": ""},
        {"secret": None},
        {"group_id": 1},
        {"group_id": None},
        {"group_id": "x"},
    ],
    ids=str,
)
async def test_strangers_are_turned_away(shop: Shop, change: dict[str, Any]) -> None:
    intake = MemoryIntake()
    assert (await shop.channel.receive(call(event(shop, **change)), intake)).status == 403
    assert (intake.asked, intake.refused) == ([], [])


def test_an_empty_secret_opens_nothing() -> None:
    assert not same("", "")
    assert not same(None, "")
    assert same(5, 5)


async def test_only_posts_are_events(shop: Shop) -> None:
    reply = await shop.channel.receive(call(b"", "GET"), MemoryIntake())
    assert reply.status == 405


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"type":1}'])
async def test_what_is_no_event_is_kept_and_answered(shop: Shop, raw: bytes) -> None:
    intake = MemoryIntake()
    assert (await shop.channel.receive(call(raw), intake)).body == b"ok"
    ((key, kept, reason),) = intake.refused
    assert (kept, bool(reason), key[:5]) == (raw, True, "body:")


async def test_vk_sends_again_what_was_not_stored(shop: Shop) -> None:
    intake = MemoryIntake(failing=1)
    assert (await shop.channel.receive(call(event(shop)), intake)).status == 503
    again = call(event(shop), **{RETRY_HEADER: "1"})
    assert (await shop.channel.receive(again, intake)).body == b"ok"
    assert len(intake.stored) == 1


async def test_an_event_without_a_key_is_known_by_its_body(shop: Shop) -> None:
    intake = MemoryIntake()
    bare = {name: value for name, value in event(shop).items() if name != "event_id"}
    for _ in range(2):
        await shop.channel.receive(call(bare), intake)
    assert len(intake.stored) == 1


async def test_the_confirmation_string_set_by_hand_is_given(shop: Shop) -> None:
    from channels.vk.channel import Channel
    from tests.channels.vk.conftest import account

    base = str(shop.account.config.model_dump()["api_url"])
    channel = Channel(account(base, shop.group.id, confirmation=" abc123 ", secret="by-hand"))
    reply = await channel.receive(
        call({"type": "confirmation", "group_id": shop.group.id}), MemoryIntake()
    )
    assert reply.body == b"abc123"
    ours = event(shop, secret="by-hand")
    assert (await channel.receive(call(ours), MemoryIntake())).body == b"ok"
    assert (await channel.receive(call(event(shop)), MemoryIntake())).status == 403
    await channel.close()
    assert not shop.world.of("groups.getCallbackConfirmationCode")


async def test_a_confirmation_is_asked_of_vk_itself(shop: Shop) -> None:
    ask = call({"type": "confirmation", "group_id": shop.group.id})
    shop.world.faults.error(10, None)
    assert (await shop.channel.receive(ask, MemoryIntake())).status == 503
    assert (await shop.channel.receive(ask, MemoryIntake())).body == b"c0nf1rm"
    other = call({"type": "confirmation", "group_id": 1})
    assert (await shop.channel.receive(other, MemoryIntake())).status == 403


async def test_a_whole_conversation_through_a_real_callback_server(shop: Shop) -> None:
    """Also: events that could not be stored come again, each event once."""
    intake = MemoryIntake(failing=2)
    async with serving(hook(shop.channel, intake)) as url:
        hooked = shop.with_hook(f"{url}/hooks/1/x")
        async with running(hooked.run(intake)):
            await shop.world.wait_for(lambda: _ready(shop))
            shop.world.events[shop.group.id].twice = True
            asked = shop.anna.text("Есть кто?")
            shop.anna.text("Вот эти", reply_to=asked)
            shop.anna.edit(asked, "Есть кто-нибудь?")
            shop.anna.photo(plain_png(30, 20), text="такие")
            rows = ((Button(text="Да", data="yes"),),)
            await hooked.send(shop.chat, OutboundPart(key="m1:0", text="Нужны?", buttons=rows))
            shop.anna.press("Да")
            shop.anna.read()
            boss = shop.world.operator(shop.world.add_user("Ольга", "Петрова"), shop.group)
            boss.say(shop.anna.user.id, "Сейчас посмотрю")
            shop.anna.deny()

            async def all_there() -> bool:
                return not shop.world.events[shop.group.id].pending and len(intake.stored) >= 9

            await eventually(all_there, what="nine events")
        await hooked.close()
    assert len(intake.stored) == 9
    assert len(intake.asked) >= 20
    found = {type(one): one for one in intake.events}
    messages = [one for one in intake.events if isinstance(one, InboundMessage)]
    assert {one.text for one in messages} == {"Есть кто?", "Вот эти", "такие"}
    assert {one.sender.name for one in messages} == {"Анна Смирнова"}
    assert messages[0].context["picture"] == "https://sandbox.invalid/anna.jpg"
    assert next(one for one in messages if one.reply_to).reply_to == f"{shop.chat}:{asked.cmid}"
    assert next(one for one in messages if one.files).files[0].kind is Kind.PHOTO
    assert isinstance(edit := found[InboundEdit], InboundEdit) and edit.text == "Есть кто-нибудь?"
    assert isinstance(press := found[InboundPress], InboundPress) and press.data == "yes"
    assert isinstance(reach := found[InboundReach], InboundReach) and not reach.reachable
    assert isinstance(found[InboundReceipt], InboundReceipt)
    owns = [one for one in intake.events if isinstance(one, InboundOwn)]
    assert {(one.text, one.key, one.author) for one in owns} == {
        ("Нужны?", "m1:0", None),
        ("Сейчас посмотрю", None, "Ольга Петрова"),
    }
    (answered, *_) = shop.world.of("messages.sendMessageEventAnswer")
    assert answered.outcome == "ok"
    retried = [one for one in shop.world.events[shop.group.id].done if len(one.statuses) > 1]
    assert retried and all(one.statuses[-1] == 200 for one in retried)


def _ready(shop: Shop) -> bool:
    """The server is confirmed and gets our events."""
    servers = shop.group.servers
    return bool(servers) and servers[0].status == "ok" and bool(servers[0].events)


async def test_registering_happens_once_and_mends(shop: Shop) -> None:
    intake = MemoryIntake()
    with pytest.raises(ChannelBroken, match="public https"):
        await Registrar(api=shop.api, config=shop.config, account=shop.account).register()
    async with serving(hook(shop.channel, intake)) as url:
        from dataclasses import replace

        row = replace(shop.account, hook_url=f"{url}/hooks/1/x")
        registrar = Registrar(api=shop.api, config=shop.config, account=row)
        assert await registrar.register()
        await shop.world.wait_for(lambda: _ready(shop))
        assert not await registrar.register()
        shop.group.servers[0].status = "failed"
        assert await registrar.register()
        await shop.world.wait_for(lambda: _ready(shop))
    assert len(shop.group.servers) == 1


async def test_names_that_can_not_be_asked_cost_no_message(shop: Shop) -> None:
    intake = MemoryIntake()
    shop.world.faults.error(10, "users.get")
    await shop.channel.receive(call(event(shop)), intake)
    await shop.channel.receive(call(event(shop, event_id="e2")), intake)
    names = [one.sender.name for one in intake.events if isinstance(one, InboundMessage)]
    assert names == ["", "Анна Смирнова"]
    await shop.channel.receive(call(event(shop, event_id="e3")), intake)
    assert len(shop.world.of("users.get")) == 2, "asked once for some hours"


async def test_a_cropped_message_is_fetched_whole(shop: Shop) -> None:
    intake = MemoryIntake()
    async with serving(hook(shop.channel, intake)) as url:
        hooked = shop.with_hook(f"{url}/hooks/1/x")
        async with running(hooked.run(intake)):
            await shop.world.wait_for(lambda: _ready(shop))
            text = "Длинное письмо. " * 20
            shop.anna.long_forward(text.strip(), 3)
            shop.world.faults.error(10, "messages.getById")

            async def there() -> bool:
                return bool(intake.stored)

            await eventually(there, what="the message")
            shop.anna.long_forward(text.strip(), 3)

            async def both() -> bool:
                return len(intake.stored) == 2

            await eventually(both, what="both messages")
        await hooked.close()
    lengths = sorted(text.count("Длинное письмо.") for text in intake.texts)
    assert lengths == [3, 80]
    cropped = [one.context for one in intake.events if isinstance(one, InboundMessage)]
    assert sorted(bool(one.get("cropped")) for one in cropped) == [False, True]
