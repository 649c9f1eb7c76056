"""Calls a bot's webhook: signed, one after another, repeated when it does not say 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from contextlib import suppress

import aiohttp

from sandbox.viber.state import Bot, Json
from sandbox.viber.world import World

PATIENCE = 5.0
TRIES = 5
PAUSE = 0.05


class Callbacks:
    """The queue of calls of all bots; `run` works it off."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.tries, self.pause = TRIES, PAUSE
        self._queue: asyncio.Queue[tuple[Bot, Json, asyncio.Future[Json]]] = asyncio.Queue()
        self._http: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        async with aiohttp.ClientSession() as self._http:
            while True:
                bot, body, done = await self._queue.get()
                answer = await self._insist(bot, body)
                if not done.done():
                    done.set_result(answer)
                self._queue.task_done()

    def put(self, bot: Bot, body: Json) -> asyncio.Future[Json]:
        """Queue a call; the future holds what the webhook answered."""
        done: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        event = body["event"]
        # Viber always tells of messages and of its own test call.
        if bot.webhook and (event in {"message", "webhook"} or event in bot.event_types):
            self._queue.put_nowait((bot, body, done))
        else:
            done.set_result({})
        return done

    async def settled(self) -> None:
        """Until every queued call was made."""
        await self._queue.join()

    async def _insist(self, bot: Bot, body: Json) -> Json:
        for attempt in range(self.tries):
            status, answer = await self._call(bot.webhook, bot.token, body)
            if status == 200:
                return answer
            self._world.refused_callbacks.append((body["event"], status))
            await asyncio.sleep(self.pause * 2 ** min(attempt, 4))
        return {}

    async def try_out(self, url: str, token: str, body: Json) -> int:
        """The call Viber makes when a webhook is being set; its HTTP status."""
        status, _answer = await self._call(url, token, body)
        return status

    async def _call(self, url: str, token: str, body: Json) -> tuple[int, Json]:
        assert self._http is not None  # noqa: S101 - put is called while the server runs
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {
            "X-Viber-Content-Signature": hmac.new(token.encode(), raw, hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self._http.post(url, data=raw, headers=headers, timeout=timeout) as reply:
                text = await reply.text()
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}
        answer: Json = {}
        with suppress(ValueError):
            found = json.loads(text or "{}")
            answer = found if isinstance(found, dict) else {}
        return reply.status, answer
