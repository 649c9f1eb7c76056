"""Services are kept alive, and let go when it is time."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.kernel import supervisor
from crm_core.kernel.supervisor import Crew, Supervisor
from tests.waiting import eventually


async def test_a_crashed_service_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    starts: list[int] = []

    async def service() -> None:
        starts.append(len(starts))
        if len(starts) < 4:
            message = "crash"
            raise RuntimeError(message)
        await asyncio.Event().wait()

    services = Supervisor()
    services.start("one", service)

    async def four() -> bool:
        return len(starts) == 4

    await eventually(four)
    assert services.running() == ["one"]
    with pytest.raises(ValueError, match="already"):
        services.start("one", service)
    await services.stop()
    assert services.running() == []


async def test_a_service_that_returns_is_done() -> None:
    services = Supervisor()
    done = asyncio.Event()

    async def service() -> None:
        done.set()

    services.start("one", service)
    await done.wait()
    await asyncio.sleep(0)
    assert services.running() == []
    services.start("one", service)
    await services.stop()


async def test_stop_waits_for_what_is_still_written() -> None:
    written: list[str] = []
    began = asyncio.Event()

    async def service() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            written.append("end")

    services = Supervisor()
    services.start("one", service)
    await began.wait()
    await services.stop()
    assert written == ["end"]


async def test_a_crew_may_finish_and_the_late_are_cancelled() -> None:
    crew, may_finish, ended = Crew(), asyncio.Event(), []

    async def quick() -> None:
        await may_finish.wait()
        ended.append("quick")

    async def stuck() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("stuck")

    crew.start(quick())
    crew.start(stuck())
    assert len(crew) == 2
    await asyncio.sleep(0)
    may_finish.set()
    await crew.close(0.05)
    assert ended == ["quick", "stuck"]
    assert len(crew) == 0


async def test_a_job_that_crashes_hurts_nobody() -> None:
    crew, others = Crew(), asyncio.Event()

    async def crash() -> None:
        message = "crash"
        raise RuntimeError(message)

    async def other() -> None:
        others.set()

    crew.start(crash())
    crew.start(other())
    await others.wait()
    await crew.close(1)
    assert len(crew) == 0
