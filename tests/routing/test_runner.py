"""Live channels: begun, changed and ended by their rows; one listener, one sender over all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
import pytest_asyncio

from crm_core.accounts import commands
from crm_core.accounts.commands import Settings
from crm_core.dialogs import codec
from crm_core.dialogs.messages import OutboundPart
from crm_core.kernel import db, secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import NotFound
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.wake import Wakeups
from crm_core.outbox.rows import Post, put
from routing import runner
from routing.contracts import Channel
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from tests.routing.tiny import Tiny
from tests.waiting import eventually


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def clean(opened: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(runner, "STANDBY", 0.05)
    monkeypatch.setattr(runner, "POLL", 3600.0)
    Tiny.forget()
    yield
    assert Tiny.listening == []


def kind_of(name: str) -> type[Channel]:
    if name != Tiny.KIND:
        message = "There is no channel kind %(kind)s."
        raise NotFound(message, kind=name)
    return Tiny


def settings(token: str) -> Settings:
    return Settings(config={"token": token}, secret_fields=["token"])


async def add(token: str, kind: str = "tiny") -> int:
    return await commands.add(SYSTEM, kind=kind, name=f"{kind} {token}", settings=settings(token))


@asynccontextmanager
async def process(*, works: bool = True) -> AsyncIterator[tuple[ChannelRunner, Supervisor]]:
    """The channels of one process."""
    wakeups, services = Wakeups(), Supervisor()
    services.start("wakeups", wakeups.run)
    await wakeups.listening.wait()
    channels = ChannelRunner(
        kind_of, InboundPipe(), wakeups, public_url="https://x.example/", works=works
    )
    services.start("channels", channels.run)
    try:
        yield channels, services
    finally:
        await services.stop()


async def until(look: Callable[[], bool]) -> None:
    async def asked() -> bool:
        return look()

    await eventually(asked)


async def part(channel_id: int, text: str) -> None:
    data = codec.dump(OutboundPart(key=text, text=text))
    await put(Post(lane=f"channel:{channel_id}", chat="c", kind="part", data=data))


async def test_rows_begin_change_and_end_channels() -> None:
    async with process() as (channels, _):
        channel_id = await add("a")
        await until(lambda: Tiny.listening == ["a"])
        found = channels.channel_of(channel_id)
        assert isinstance(found, Tiny)
        assert (found.account.hook_url or "").startswith(f"https://x.example/hooks/{channel_id}/")
        await part(channel_id, "раз")
        await until(lambda: Tiny.sent == [("a", "раз")])
        await commands.configure(SYSTEM, channel_id=channel_id, settings=settings("b"))
        await until(lambda: Tiny.listening == ["b"])
        await part(channel_id, "два")
        await until(lambda: ("b", "два") in Tiny.sent)
        await commands.switch(SYSTEM, channel_id=channel_id, active=False)
        await until(lambda: Tiny.listening == [] and Tiny.closed == ["a", "b"])
        assert channels.channel_of(channel_id) is None
        await part(channel_id, "три")
        await commands.switch(SYSTEM, channel_id=channel_id, active=True)
        await until(lambda: ("b", "три") in Tiny.sent)
    assert Tiny.closed == ["a", "b", "b"]


async def test_one_listens_and_one_sends_and_the_other_takes_over() -> None:
    channel_id = await add("a")
    async with process() as (_, first):
        await until(lambda: Tiny.listening == ["a"])
        async with process() as (second, _):
            await until(lambda: second.channel_of(channel_id) is not None)
            for number in range(30):
                await part(channel_id, str(number))
            await until(lambda: len(Tiny.sent) == 30)
            assert [text for _, text in Tiny.sent] == [str(number) for number in range(30)]
            assert Tiny.listening == ["a"], "one listens"
            await first.cancel("channels")
            await until(lambda: Tiny.listening == ["a"])
            await part(channel_id, "после")
            await until(lambda: ("a", "после") in Tiny.sent)
            assert len(Tiny.sent) == 31


async def holders() -> list[int]:
    """Backends that hold the locks of listening and of sending, a number for each lock."""
    rows = await db.fetch(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND pid <> pg_backend_pid() AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return [row["pid"] for row in rows]


async def taken_over(former: list[int]) -> bool:
    now = await holders()
    return len(now) == len(former) and not set(now) & set(former)


async def test_a_process_that_lost_its_locks_stops_and_somebody_goes_on() -> None:
    channel_id = await add("a")
    async with process(), process():
        await until(lambda: Tiny.listening == ["a"])
        for number in range(3):
            former = await holders()
            await db.execute("SELECT pg_terminate_backend(p) FROM unnest($1::int[]) AS p", former)
            # What a process has in hand when it loses its lock is nobody's to send again.
            await eventually(partial(taken_over, former), what="locks in other hands")
            await part(channel_id, str(number))
            await until(lambda count=number + 1: len(Tiny.sent) == count)  # type: ignore[misc]
            await until(lambda: Tiny.listening == ["a"])
    assert [text for _, text in Tiny.sent] == ["0", "1", "2"]


async def test_a_process_without_work_has_channels_and_does_nothing() -> None:
    channel_id = await add("a")
    async with process(works=False) as (channels, _):
        await until(lambda: channels.channel_of(channel_id) is not None)
        await part(channel_id, "x")
    assert Tiny.sent == []


async def broken(channel_id: int) -> str:
    found: str | None = await db.fetchval("SELECT broken FROM channel WHERE id = $1", channel_id)
    return found or ""


async def test_accounts_that_can_not_be_used_hurt_only_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = await add("lost")
    monkeypatch.setattr(secrets, "_key", b"quite another key than before")
    wrong = await commands.add(
        SYSTEM, kind="tiny", name="wrong", settings=Settings(config={"token": ["a-secret"]})
    )
    strange = await add("x", kind="pigeon")
    explodes = await add("explode")
    good = await add("good")
    async with process() as (channels, _):
        await until(lambda: Tiny.listening == ["good"])
        assert list(channels.live) == [good]
        assert "PULT_SECRET_KEY" in await broken(lost)
        assert "token" in await broken(wrong)
        assert "a-secret" not in await broken(wrong)
        assert "pigeon" in await broken(strange)
        assert "RuntimeError" in await broken(explodes)
        await commands.configure(SYSTEM, channel_id=wrong, settings=settings("right"))
        await until(lambda: sorted(Tiny.listening) == ["good", "right"])
        assert await broken(wrong) == ""


async def test_refused_once_not_every_time() -> None:
    await add("x", kind="pigeon")
    asked: list[str] = []

    def remembers(name: str) -> type[Channel]:
        asked.append(name)
        return kind_of(name)

    channels = ChannelRunner(remembers, InboundPipe(), Wakeups(), public_url=None, works=False)
    for _ in range(3):
        await channels.refresh()
    assert asked == ["pigeon"]


def test_tiny_keeps_the_contract() -> None:
    channel: type[Channel] = Tiny
    assert channel.KIND == "tiny"
