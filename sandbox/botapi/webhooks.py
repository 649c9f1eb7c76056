"""Delivery of updates to webhooks by real HTTP POSTs, with the official server's retry schedule."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.botapi.background import Background
from sandbox.botapi.decode import Raw
from sandbox.botapi.dispatch import Cut, dispatch
from sandbox.botapi.hooks import Delivery, Webhook
from sandbox.botapi.state import Bot, Json
from sandbox.botapi.strict import update_problem
from sandbox.botapi.updates import Queued
from sandbox.botapi.world import World

_MAX_DELAY = 60
_MAX_RETRY_AFTER = 3600
_GONE_LIMIT = 23 * 3600
_NOT_IN_ANSWER = ("deletewebhook", "setwebhook", "close", "logout")


@dataclass(slots=True)
class Attempt:
    """How an update stands: failures so far, present delay, when to try (again)."""

    fails: int = 0
    delay: float = 1
    wake_at: float = 0
    in_flight: bool = False


@dataclass(slots=True)
class Outcome:
    """Answer of a webhook: status 0 when there was none."""

    status: int
    reason: str = ""
    retry_after: int = 0
    body: Any = None


class Deliverer:
    """Sends the head of every lane; lanes are independent, `max_connections` bounds them."""

    def __init__(self, world: World, background: Background) -> None:
        self._world = world
        self._background = background
        self._attempts: dict[int, dict[int, Attempt]] = {}
        self._alarm_at = float("inf")

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession() as http:
            while True:
                moments = [self._send_due(bot, http) for bot in self._hooked()]
                await self._pause(min(moments, default=float("inf")))

    def _hooked(self) -> list[Bot]:
        return [bot for bot in self._world.bots.values() if self._world.webhooks[bot.id].url]

    async def _pause(self, moment: float) -> None:
        """Wait for a change in the world; the moment of the next attempt counts as one."""
        if moment < self._alarm_at:
            self._alarm_at = moment
            self._background.start(self._alarm(moment))
        await self._world.feed.changed()

    async def _alarm(self, moment: float) -> None:
        await self._world.clock.sleep_until(moment)
        if self._alarm_at == moment:
            self._alarm_at = float("inf")
        self._world.feed.touch()

    def _send_due(self, bot: Bot, http: aiohttp.ClientSession) -> float:
        """Start what is due; returns the moment of the next attempt (inf: none planned)."""
        hook, now = self._world.webhooks[bot.id], self._world.clock.now()
        attempts = self._attempts.setdefault(bot.id, {})
        free = hook.max_connections - sum(each.in_flight for each in attempts.values())
        moments = [float("inf")]
        for update in _heads(self._world.queues[bot.id].pending()):
            attempt = attempts.setdefault(update.serial, Attempt())
            if attempt.in_flight:
                continue
            if attempt.wake_at > now:
                moments.append(attempt.wake_at)
            elif free > 0:
                free -= 1
                attempt.in_flight = True
                self._background.start(self._deliver(bot, update, http))
        return min(moments)

    async def _deliver(self, bot: Bot, update: Queued, http: aiohttp.ClientSession) -> None:
        hook = self._world.webhooks[bot.id]
        generation = hook.generation
        started = self._world.clock.now()
        problem = update_problem(update.json())
        if problem:
            self._world.violations.append(problem)
        outcome = await _post(http, hook, update.json(), self._world.config.webhook_timeout)
        hook.deliveries.append(Delivery(update_id=update.id, at=started, status=outcome.status))
        attempt = self._attempts[bot.id][update.serial]
        attempt.in_flight = False
        if generation == hook.generation:
            if 200 <= outcome.status <= 299:
                await self._delivered(bot, update, outcome)
            else:
                self._failed(bot, update, outcome)
        self._world.feed.touch()

    async def _delivered(self, bot: Bot, update: Queued, outcome: Outcome) -> None:
        self._world.webhooks[bot.id].gone_since = 0.0
        self._drop(bot, update)
        call = outcome.body if isinstance(outcome.body, dict) else {}
        name = str(call.pop("method", "")).lower()
        if name and name not in _NOT_IN_ANSWER and not name.startswith("get"):
            with contextlib.suppress(Cut):
                await dispatch(self._world, bot, name, Raw(call, {}))

    def _failed(self, bot: Bot, update: Queued, outcome: Outcome) -> None:
        hook, now = self._world.webhooks[bot.id], self._world.clock.now()
        hook.last_error_at = now
        hook.last_error = (
            f"Wrong response from the webhook: {outcome.status} {outcome.reason}"
            if outcome.status
            else "Webhook connection closed"
        )
        if self._is_gone(hook, outcome, now):
            hook.clear()
            return
        attempt = self._attempts[bot.id][update.serial]
        wait: float = min(outcome.retry_after, _MAX_RETRY_AFTER)
        if wait == 0 and attempt.fails > 0:
            longest = random.uniform(_MAX_DELAY, 2 * _MAX_DELAY)  # noqa: S311 - spreads retries
            attempt.delay = wait = min(longest, attempt.delay * 2)
        if now + wait > update.expires_at:
            self._drop(bot, update)
            return
        attempt.fails += 1
        attempt.wake_at = now + wait

    def _is_gone(self, hook: Webhook, outcome: Outcome, now: float) -> bool:
        if outcome.status != 410:
            hook.gone_since = 0.0
            return False
        hook.gone_since = hook.gone_since or now
        return now > hook.gone_since + _GONE_LIMIT

    def _drop(self, bot: Bot, update: Queued) -> None:
        self._attempts[bot.id].pop(update.serial, None)
        self._world.queues[bot.id].forget(update)


def _heads(pending: list[Queued]) -> list[Queued]:
    heads: dict[str, Queued] = {}
    for update in pending:
        heads.setdefault(update.lane, update)
    return list(heads.values())


async def _post(http: aiohttp.ClientSession, hook: Webhook, body: Json, timeout: float) -> Outcome:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
    limit = aiohttp.ClientTimeout(total=timeout)
    try:
        async with http.post(hook.url, json=body, headers=headers, timeout=limit) as answer:
            retry_after = answer.headers.get("Retry-After", "")
            content = await answer.json() if answer.content_type == "application/json" else None
            return Outcome(
                answer.status,
                answer.reason or "",
                int(retry_after) if retry_after.isdigit() else 0,
                content,
            )
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return Outcome(0)
