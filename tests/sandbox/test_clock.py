"""The sandbox's time: real and moved by hand."""

from __future__ import annotations

import asyncio
import time

import pytest

from sandbox.botapi import ManualClock, RealClock


async def test_manual_clock_wakes_whoever_is_due() -> None:
    clock = ManualClock(start=100)
    woken: list[str] = []

    async def sleeper(name: str, moment: float) -> None:
        await clock.sleep_until(moment)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(sleeper("late", 110))
        group.create_task(sleeper("soon", 105))
        await sleeper("past", 99)
        clock.advance(5)
        await sleeper("now", 105)
        await sleeper("now", 105)
        assert woken == ["past", "soon", "now", "now"]
        clock.advance(5)
    assert woken[-1] == "late"
    assert clock.now() == 110


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="only goes forward"):
        ManualClock().advance(-1)


async def test_real_clock() -> None:
    clock = RealClock()
    before = time.time()
    await clock.sleep_until(before - 5)
    assert before <= clock.now() <= time.time()
