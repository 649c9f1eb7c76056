"""Long polling: stored before confirmed, in order, and alive after every trouble."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram.methods import GetWebhookInfo, SendMessage, SetWebhook
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web
from structlog.testing import capture_logs

from channels.telegram import faults
from channels.telegram.api import Api
from channels.telegram.config import Config
from channels.telegram.poll import Poller
from crm_core.dialogs.messages import InboundMessage, InboundPress
from routing.contracts import RetryLater
from sandbox.botapi import Where
from tests.channels.telegram.conftest import Shop, account
from tests.channels.telegram.doubles import MemoryIntake, running, serving
from tests.waiting import eventually

POLL = Where(method="getUpdates")


class Stop(Exception):
    """Ends an endless loop from inside its pause."""


class Pauses:
    """Notes every pause instead of waiting; stops after `enough` of them."""

    def __init__(self, enough: int = 1000) -> None:
        self.seconds: list[float] = []
        self.enough = enough

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)
        if len(self.seconds) >= self.enough:
            raise Stop


def poller(shop: Shop, intake: MemoryIntake, pauses: Pauses | None = None) -> Poller:
    async def take(update: dict[str, Any]) -> None:
        await shop.channel._take(intake, update)

    return Poller(
        api=shop.api,
        name="Shop",
        take=take,
        refuse=intake.refuse,
        pause=pauses or Pauses(),
    )


async def arrived(intake: MemoryIntake, count: int) -> None:
    async def enough() -> bool:
        return len(intake.stored) >= count

    await eventually(enough, what=f"{count} updates")


async def test_everything_waiting_is_fetched_in_order(shop: Shop) -> None:
    boris = shop.world.actor(shop.world.add_user("Борис"), shop.bot)
    shop.anna.start()
    boris.start()
    for number in range(120):
        (shop.anna if number % 3 else boris).text(f"{number}")
    intake = MemoryIntake()
    async with running(shop.channel.run(intake)):
        await arrived(intake, 122)
    for actor in (shop.anna, boris):
        chat = str(actor.chat.id)
        mine = [one for one in intake.events if isinstance(one, InboundMessage)]
        said = [int(one.text) for one in mine if one.chat == chat]
        assert said == sorted(said)
    assert len(intake.asked) == len(intake.stored) == 122


async def test_what_was_not_stored_is_asked_for_again(shop: Shop) -> None:
    shop.anna.start()
    shop.anna.text("первое")
    shop.anna.text("второе")
    intake, pauses = MemoryIntake(failing=2), Pauses()
    async with running(poller(shop, intake, pauses).run()):
        await arrived(intake, 3)
    assert intake.texts == ["первое", "второе"]
    assert intake.asked[:3] == [intake.asked[0]] * 3  # the chat stood still until it was stored
    assert len(pauses.seconds) == 2


async def test_one_chat_that_fails_does_not_hold_the_others(shop: Shop) -> None:
    boris = shop.world.actor(shop.world.add_user("Борис"), shop.bot)
    shop.anna.start()
    boris.start()
    intake = MemoryIntake(failing=1)
    with pytest.raises(RetryLater, match="stored"):
        await poller(shop, intake).step()
    assert [event.chat for event in intake.events] == [str(boris.chat.id)]


async def test_chats_are_stored_side_by_side(shop: Shop) -> None:
    boris = shop.world.actor(shop.world.add_user("Борис"), shop.bot)
    shop.anna.start()
    boris.start()
    meeting = asyncio.Barrier(2)

    async def take(_: dict[str, Any]) -> None:
        async with asyncio.timeout(5):
            await meeting.wait()

    both = poller(shop, MemoryIntake())
    both.take = take
    await both.step()
    assert both.failures == 0


async def test_a_restart_loses_and_doubles_nothing(shop: Shop) -> None:
    intake = MemoryIntake()
    shop.anna.start()
    first = poller(shop, intake)
    await first.step()
    shop.anna.text("пока Pult стоял")
    second = poller(shop, intake)
    await second.step()
    assert intake.asked == [*intake.asked[:1] * 2, intake.asked[-1]]
    assert intake.texts == ["пока Pult стоял"]


async def test_duplicates_are_one_event(shop: Shop) -> None:
    shop.world.queues[shop.bot.id].duplicate_next()
    shop.anna.start()
    intake = MemoryIntake()
    async with running(shop.channel.run(intake)):
        await arrived(intake, 1)
        shop.anna.text("дальше")
        await arrived(intake, 2)
    assert intake.texts == ["дальше"]


async def test_a_webhook_in_the_way_is_removed(shop: Shop) -> None:
    await shop.api.call(SetWebhook(url="http://127.0.0.1:9/hooks/old"))
    shop.anna.start()
    intake = MemoryIntake()
    async with running(shop.channel.run(intake)):
        await arrived(intake, 1)
    assert (await shop.api.call(GetWebhookInfo()))["url"] == ""


async def test_troubles_are_waited_out_and_named(shop: Shop) -> None:
    shop.world.faults.conflict(POLL)
    shop.world.faults.server_error(where=POLL)
    shop.world.faults.too_many(33, POLL)
    shop.world.faults.reset(POLL)
    shop.anna.start()
    intake, pauses = MemoryIntake(), Pauses()
    with capture_logs() as lines:
        async with running(poller(shop, intake, pauses).run()):
            await arrived(intake, 1)
    assert pauses.seconds == [10.0, 3.0, 33.0, 8.0]
    assert [line["event"] for line in lines] == ["telegram_polling_paused"] * 4
    assert [line["reason"] for line in lines][::3] == [faults.TAKEN, faults.UNREACHABLE_API]


async def test_a_revoked_token_is_said_and_tried_seldom(shop: Shop) -> None:
    url = str(shop.account.config.model_dump()["api_url"])
    settings = account(url, token="7000000009:revoked-and-never-seen-again").config
    api, intake, pauses = (
        Api(Config.model_validate(settings.model_dump())),
        MemoryIntake(),
        Pauses(3),
    )
    lost = Poller(api=api, name="Shop", take=_never, refuse=intake.refuse, pause=pauses)
    with capture_logs() as lines, pytest.raises(Stop):
        await lost.run()
    await api.close()
    assert pauses.seconds == [60.0] * 3
    assert {line["reason"] for line in lines} == {faults.TOKEN_REFUSED}


async def _never(_: dict[str, Any]) -> None:
    raise AssertionError("no update can come")


async def test_unknown_kinds_of_updates_never_stop_the_poll() -> None:
    strange: list[Any] = [
        {"update_id": 5, "hologram": {"date": "soon"}},
        "not even an object",
        {"update_id": 7, "message": 7},
    ]
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        asked.append(str(form.get("offset")))
        return web.json_response({"ok": True, "result": strange if len(asked) == 1 else []})

    async with serving(answer) as url:
        config = Config.model_validate(account(url).config.model_dump())
        api, intake, taken = Api(config), MemoryIntake(), []

        async def take(update: dict[str, Any]) -> None:
            taken.append(update["update_id"])

        stepping = Poller(api=api, name="Shop", take=take, refuse=intake.refuse)
        await stepping.step()
        await stepping.step()
        await api.close()
    assert taken == [5, 7]
    assert asked == ["None", "8"]
    assert [kept for _, kept, _ in intake.refused] == [b'"not even an object"']


async def test_a_pressed_button_is_stored_and_answered(shop: Shop) -> None:
    shop.anna.start()
    intake = MemoryIntake()
    await shop.api.call(_with_button(shop))
    async with running(shop.channel.run(intake)):
        press = shop.anna.press("Оценить")
        await press.answer()
        await arrived(intake, 2)
    pressed = intake.events[-1]
    assert isinstance(pressed, InboundPress)
    assert (pressed.data, pressed.chat) == ("rate:5", shop.chat)


def _with_button(shop: Shop) -> SendMessage:
    button = InlineKeyboardButton(text="Оценить", callback_data="rate:5")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return SendMessage(chat_id=shop.anna.chat.id, text="Как вам?", reply_markup=keyboard)


async def test_cancelling_stops_at_once_and_cleanly(shop: Shop) -> None:
    async with running(shop.channel.run(MemoryIntake())) as task:
        await shop.world.wait_for(lambda: shop.world.calls.of("getUpdates"))
        task.cancel()
        async with asyncio.timeout(2):
            await asyncio.wait([task])
    assert task.cancelled()
