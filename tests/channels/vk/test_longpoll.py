"""Long Poll: everything arrives, also what VK itself has forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from channels.vk.enrich import Enricher
from channels.vk.longpoll import Poller
from channels.vk.people import People
from channels.vk.web import Web
from crm_core.dialogs.messages import InboundEdit, InboundMessage, InboundOwn
from crm_core.kernel import clock
from routing.contracts import DeliveryError, RetryLater
from tests.channels.vk.conftest import Shop
from tests.channels.vk.doubles import MemoryIntake, running
from tests.waiting import eventually


@dataclass(slots=True, kw_only=True)
class Listening:
    poller: Poller
    intake: MemoryIntake
    paused: list[float]

    async def steps(self, number: int) -> None:
        for _ in range(number):
            await self.poller.step()


@pytest_asyncio.fixture(loop_scope="session")
async def listening(shop: Shop) -> AsyncIterator[Listening]:
    intake, paused, web = MemoryIntake(), [], Web()
    enricher = Enricher(shop.api, People(shop.api))

    async def take(update: dict[str, Any]) -> None:
        await intake.accept(await enricher.event(update, update["event_id"]))

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    poller = Poller(
        api=shop.api,
        web=web,
        group_id=shop.group.id,
        name="Shop",
        take=take,
        pause=pause,
        wait_seconds=1,
    )
    yield Listening(poller=poller, intake=intake, paused=paused)
    await web.close()


async def test_the_channel_listens_without_a_public_address(shop: Shop) -> None:
    intake = MemoryIntake()
    async with running(shop.channel.run(intake)):
        await shop.world.wait_for(lambda: shop.world.events[shop.group.id].longpoll)
        await shop.world.wait_for(lambda: shop.world.of("messages.getConversations"))
        shop.anna.text("Есть кто?")

        async def there() -> bool:
            return intake.texts == ["Есть кто?"]

        await eventually(there, what="the message")


async def test_events_follow_each_other(shop: Shop, listening: Listening) -> None:
    await listening.poller.begin()
    for number in range(5):
        shop.anna.text(str(number))
    await listening.steps(1)
    shop.anna.text("5")
    await listening.steps(1)
    assert listening.intake.texts == list("012345")


async def test_what_could_not_be_stored_is_asked_for_again(
    shop: Shop, listening: Listening
) -> None:
    await listening.poller.begin()
    for text in "абв":
        shop.anna.text(text)
    listening.intake.failing = 1
    with pytest.raises(RetryLater):
        await listening.steps(1)
    await listening.steps(1)
    assert listening.intake.texts == list("абв")


async def test_failed_1_2_and_3(shop: Shop, listening: Listening) -> None:
    """Of what VK forgets nothing is lost, edits and our own side's words included."""
    await listening.poller.begin()
    events = shop.world.events[shop.group.id]
    boss = shop.world.operator(shop.world.add_user("Ольга"), shop.group)
    first = shop.anna.text("до")
    await listening.steps(1)
    for failed in (1, 2, 3):
        events.lose = failed != 2
        if failed == 2:
            events.new_key()
        else:
            events.fail_next.append(failed)
        shop.anna.text(f"потеряно {failed}")
        boss.say(shop.anna.user.id, f"наше {failed}")
        shop.anna.edit(first, f"исправлено {failed}")
        events.lose = False
        await listening.steps(2)
    found = listening.intake.events
    words = {one.text for one in found if isinstance(one, InboundMessage)}
    assert words >= {"до", "потеряно 1", "потеряно 2", "потеряно 3"}
    owns = {one.text for one in found if isinstance(one, InboundOwn)}
    assert owns == {"наше 1", "наше 2", "наше 3"}
    edits = [one.text for one in found if isinstance(one, InboundEdit)]
    assert edits[-1] == "исправлено 3"
    ids = {one.external_id for one in found if isinstance(one, InboundMessage)}
    assert len(ids) == 4, "the same message keeps its number however it comes"
    shop.anna.text("после")
    await listening.steps(1)
    assert listening.intake.texts[-1] == "после"


async def test_a_start_brings_in_what_nobody_has_read(shop: Shop, listening: Listening) -> None:
    boss = shop.world.operator(shop.world.add_user("Ольга"), shop.group)
    petr = shop.world.actor(shop.world.add_user("Пётр"), shop.group)
    old = petr.text("давно")
    old.date -= int(timedelta(days=30).total_seconds())
    shop.anna.text("отвечено в самом VK").read = True
    boss.say(shop.anna.user.id, "да")
    shop.anna.text("ночью")
    shop.anna.text("и утром")
    await listening.poller.begin()
    assert listening.intake.texts == ["ночью", "и утром"]
    await listening.poller.begin()  # after a trouble: everything since it last heard
    assert "давно" not in listening.intake.texts


async def test_troubles_are_waited_out(shop: Shop, listening: Listening) -> None:
    shop.world.faults.error(10, "groups.getLongPollServer")
    shop.world.faults.status(502, "groups.getLongPollServer")
    shop.world.faults.error(5, "groups.getLongPollServer")
    with pytest.raises(DeliveryError):
        await listening.poller.begin()
    async with running(listening.poller.run()):
        await shop.world.wait_for(lambda: len(listening.paused) >= 2)
        await shop.world.wait_for(lambda: shop.world.of("messages.getConversations"))
        shop.anna.text("дошло")

        async def there() -> bool:
            return listening.intake.texts == ["дошло"]

        await eventually(there, what="the message")
    assert listening.paused == [5.0, 60.0]


async def test_a_key_without_the_right_to_manage_listens_all_the_same(
    shop: Shop, listening: Listening
) -> None:
    shop.group.permissions = ("messages",)
    events = shop.world.events[shop.group.id]
    events.longpoll, events.wanted = True, {"message_new"}
    await listening.poller.begin()
    shop.anna.text("Есть кто?")
    await listening.steps(1)
    assert listening.intake.texts == ["Есть кто?"]


async def test_a_lost_history_is_tried_again(shop: Shop, listening: Listening) -> None:
    await listening.poller.begin()
    events = shop.world.events[shop.group.id]
    events.lose = True
    shop.anna.text("потеряно")
    events.lose = False
    events.fail_next.append(3)
    shop.world.faults.error(10, "messages.getHistory")
    with pytest.raises(RetryLater):
        await listening.steps(1)
    assert listening.poller.heard is not None
    assert clock.now() - listening.poller.heard < timedelta(minutes=1)
    await listening.poller.begin()
    assert listening.intake.texts == ["потеряно"]
