"""The Long Poll server of a community."""

from __future__ import annotations

import asyncio

from sandbox.vk.events import Events
from sandbox.vk.state import Json

LONGEST_WAIT = 90


async def answer(events: Events, query: dict[str, str]) -> Json:
    """What one `a_check` is answered with: updates after `ts`, or `failed`."""
    if events.fail_next:
        failed = events.fail_next.pop(0)
        return {"failed": failed} | ({"ts": events.ts} if failed == 1 else {})
    if query.get("act") != "a_check" or not query.get("ts", "").isdecimal():
        return {"error": "invalid request"}
    if query.get("key") != events.key:
        return {"failed": 2}
    ts = int(query["ts"])
    if not events.dropped <= ts <= events.ts:
        return {"failed": 1, "ts": events.ts}
    await _something_new(events, ts, min(int(query.get("wait", "25")), LONGEST_WAIT))
    if query.get("key") != events.key:
        return {"failed": 2}
    start = max(ts - events.dropped, 0)
    return {"ts": str(events.ts), "updates": events.log[start : start + 100]}


async def _something_new(events: Events, ts: int, seconds: int) -> None:
    key = events.key
    try:
        async with asyncio.timeout(seconds):
            while events.ts <= ts and events.key == key and not events.fail_next:
                await events.world.feed.changed()
    except TimeoutError:
        return
