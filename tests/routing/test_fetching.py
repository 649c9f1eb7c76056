"""Files of clients: streamed in, tried again, given up with a reason, never lost by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm_core.accounts import commands as accounts
from crm_core.dialogs.messages import FileRef, Kind
from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.wake import Wakeups
from routing import fetching
from routing.contracts import Account, Channel, Rejected, RetryLater
from routing.fetching import Fetcher
from tests import factories, scene
from tests.routing.tiny import Tiny, TinyConfig

pytestmark = pytest.mark.usefixtures("opened")


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    Tiny.forget()
    with clock.frozen(clock.now()):
        yield


class House:
    """A fetcher of a house with one account, switched on or off."""

    def __init__(self, *, limit: int = 100) -> None:
        self.on = True
        self.channel = _tiny()
        self.fetcher = Fetcher(self.find, Wakeups(), limit=limit)

    def find(self, _channel_id: int) -> Channel | None:
        return self.channel if self.on else None

    async def drain(self) -> int:
        done = 0
        while await self.fetcher.step():
            done += 1
        return done


def _tiny() -> Tiny:
    config = TinyConfig.model_validate({"token": "t"})
    return Tiny(Account(id=1, kind="tiny", name="t", hook_url=None, hook_secret="s", config=config))


async def arrives(*refs: str, unavailable: str | None = None) -> None:
    """A client sends files."""
    channel = await scene.account(kind="webchat")
    files = tuple(
        FileRef(kind=Kind.DOCUMENT, ref=ref, name=f"{ref}.txt", unavailable=unavailable)
        for ref in refs
    )
    await scene.says(channel, factories.message(kind=Kind.DOCUMENT, files=files))


async def files() -> list[tuple[str, str | None, int]]:
    rows = await db.fetch("SELECT state, reason, attempts FROM attachment ORDER BY id")
    return [(row["state"], row["reason"], row["attempts"]) for row in rows]


async def test_stored_once_and_readable() -> None:
    Tiny.content.update(a=b"the same text", b=b"the same text")
    await arrives("a", "b")
    assert await House().drain() == 2
    assert [state for state, _, _ in await files()] == ["stored", "stored"]
    row = await db.fetchrow("SELECT count(*) AS count, max(size) AS size FROM stored_file")
    assert row is not None
    assert tuple(row.values()) == (1, 13)
    sha = await db.fetchval("SELECT sha FROM attachment LIMIT 1")
    assert b"".join([chunk async for chunk in store().read(sha)]) == b"the same text"


async def test_too_large_is_shown_as_such() -> None:
    Tiny.content["a"] = b"x" * 101
    await arrives("a")
    await House(limit=100).drain()
    ((state, reason, _),) = await files()
    assert state == "unavailable"
    assert "too large" in (reason or "")
    assert await db.fetchval("SELECT count(*) FROM message") == 1


async def test_what_the_provider_keeps_for_itself_is_not_asked_for() -> None:
    await arrives("a", unavailable="too_large")
    assert await House().drain() == 0
    assert await files() == [("unavailable", "too_large", 0)]


@pytest.mark.parametrize(
    "fault", [RetryLater("429", after=1), OSError("reset"), TimeoutError(), ValueError("odd")]
)
async def test_tried_again_with_growing_pauses(fault: Exception) -> None:
    Tiny.content["a"] = fault
    await arrives("a")
    house = House()
    assert await house.drain() == 1
    assert await house.drain() == 0
    assert (await files())[0][0] == "pending"
    clock.advance(timedelta(seconds=2))
    Tiny.content["a"] = b"here it is"
    assert await house.drain() == 1
    assert await files() == [("stored", None, 2)]


async def test_given_up_in_the_end() -> None:
    Tiny.content["a"] = OSError("reset")
    await arrives("a")
    house = House()
    for _ in range(fetching.MAX_ATTEMPTS):
        assert await house.drain() == 1
        clock.advance(timedelta(hours=1))
    assert await house.drain() == 0
    assert await files() == [("unavailable", "reset", fetching.MAX_ATTEMPTS)]


async def test_refused_for_good() -> None:
    Tiny.content["a"] = Rejected("the file is gone")
    await arrives("a")
    await House().drain()
    assert await files() == [("unavailable", "the file is gone", 1)]


async def test_a_channel_that_is_off_for_long_loses_no_file() -> None:
    Tiny.content["a"] = b"here it is"
    await arrives("a")
    house = House()
    house.on = False
    for _ in range(fetching.MAX_ATTEMPTS * 2):
        assert await house.drain() == 1
        clock.advance(timedelta(minutes=10))
    house.on = True
    await house.drain()
    assert await files() == [("stored", None, 1)]


async def test_files_of_a_removed_account_are_given_up() -> None:
    await arrives("a")
    await accounts.remove(SYSTEM, channel_id=1)
    house = House()
    house.on = False
    await house.drain()
    assert await files() == [("unavailable", "the channel was removed", 1)]


async def test_what_a_dead_process_had_is_taken_after_its_lease() -> None:
    Tiny.content["a"] = b"here it is"
    await arrives("a")
    await db.fetchrow(fetching.TAKE, clock.now(), clock.now() + fetching.LEASE)
    house = House()
    assert await house.drain() == 0
    clock.advance(fetching.LEASE)
    assert await house.drain() == 1
    assert (await files())[0][0] == "stored"
