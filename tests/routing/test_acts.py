"""Things done at a provider leave by the channel's lane, the latest wish only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from crm_core.dialogs import acts
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Forbidden, NotFound
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from routing.contracts import Account, Acts, RetryLater
from routing.outbound.channel_sender import CAN_NOT, ChannelSender
from routing.outbound.worker import LaneWorker
from tests import factories, scene
from tests.routing.lane import settled
from tests.routing.tiny import Tiny, TinyConfig

pytestmark = pytest.mark.usefixtures("opened")


class Busy(Tiny):
    """A channel that can do something; the first try is put off."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.done: list[tuple[str, str, dict[str, str]]] = []
        self.refusals = 1

    async def act(self, name: str, target: str, values: Mapping[str, str]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise RetryLater("later", after=0.01)
        self.done.append((name, target, dict(values)))


def built(kind: type[Tiny]) -> Tiny:
    config = TinyConfig.model_validate({"token": "t"})
    return kind(
        Account(id=1, kind="tiny", name="Tiny", hook_url=None, hook_secret="s", config=config)
    )


@asynccontextmanager
async def at_work(channel: Tiny) -> AsyncIterator[None]:
    """The lane of channel 1 works inside."""
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    services.start("worker", LaneWorker("channel:1", ChannelSender(channel), wakeups).run)
    try:
        yield
    finally:
        await services.stop()


async def test_the_latest_wish_for_the_same_thing_is_done() -> None:
    anna = await _anna()
    for status in ("agreed", "delivery"):
        values = {"status": status}
        await acts.act(anna, channel_id=1, do="order_status", target="order:1", values=values)
    await acts.act(anna, channel_id=1, do="order_status", target="order:2")
    channel = built(Busy)
    assert isinstance(channel, Busy)
    assert isinstance(channel, Acts)
    async with at_work(channel):
        await settled(lane="channel:1")
    assert sorted(channel.done) == [
        ("order_status", "order:1", {"status": "delivery"}),
        ("order_status", "order:2", {}),
    ]


async def test_a_channel_that_can_only_write_says_so() -> None:
    anna = await _anna()
    await acts.act(anna, channel_id=1, do="order_status", target="order:1")
    async with at_work(built(Tiny)):
        await settled("failed", lane="channel:1")
    assert await db.fetchval("SELECT error FROM outbox") == CAN_NOT


async def test_who_may_not_work_in_dialogs_may_not_act() -> None:
    anna = await _anna()
    with pytest.raises(NotFound):
        await acts.act(anna, channel_id=77, do="order_status", target="order:1")
    with pytest.raises(Forbidden):
        await acts.act(Actor(kind="client"), channel_id=1, do="order_status", target="order:1")


async def _anna() -> Actor:
    await scene.account()
    return await factories.employee("Анна")
