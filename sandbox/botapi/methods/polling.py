"""getUpdates: long polling, confirmation by offset, conflicts."""

from __future__ import annotations

import asyncio

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import conflict
from sandbox.botapi.state import Json
from sandbox.botapi.strict import update_problem
from sandbox.botapi.updates import Queued


@method("getUpdates")
async def get_updates(context: Context) -> list[Json]:
    """Wait up to `timeout` seconds (at most 50) of the world's clock for the first update."""
    world, bot_id = context.world, context.bot.id
    if world.webhooks[bot_id].url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    queue = world.queues[bot_id]
    queue.allow(context.get("allowed_updates"))
    turn = queue.next_turn()
    timeout = min(max(context.get("timeout", 0), 0), world.config.poll_max_timeout)
    batch = await _wait(context, turn, world.clock.now() + timeout)
    for update in batch:
        if problem := update_problem(update.json()):
            world.violations.append(problem)
    return [update.json() for update in batch]


async def _wait(context: Context, turn: int, deadline: float) -> list[Queued]:
    world = context.world
    queue = world.queues[context.bot.id]
    limit = min(max(context.get("limit", 100), 1), 100)
    batch = queue.take(context.get("offset", 0), limit)
    if batch or deadline <= world.clock.now():
        return batch
    async with asyncio.TaskGroup() as group:
        alarm = group.create_task(_alarm(context, deadline))
        while not batch and world.clock.now() < deadline and not _interruption(context, turn):
            await world.feed.changed()
            if not _interruption(context, turn):
                batch = queue.take(max(context.get("offset", 0), 0), limit)
        alarm.cancel()
    if interruption := _interruption(context, turn):
        raise conflict(interruption)
    return batch


async def _alarm(context: Context, deadline: float) -> None:
    await context.world.clock.sleep_until(deadline)
    context.world.feed.touch()


def _interruption(context: Context, turn: int) -> str | None:
    """Why a waiting poller has to give up, if it has to."""
    if context.world.webhooks[context.bot.id].url:
        return "terminated by setWebhook request"
    if context.world.queues[context.bot.id].turn != turn:
        return (
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
    return None
