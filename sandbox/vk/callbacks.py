"""Callback API: events by real HTTP POSTs, tried again until the server says exactly `ok`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from sandbox.botapi.background import Background
from sandbox.vk.events import Delivery, Events
from sandbox.vk.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 0
    body: str = ""
    retry_after: str = ""


class Deliverer:
    """Posts whatever is due; attempts of one event follow each other."""

    def __init__(self, world: World, background: Background) -> None:
        self._world = world
        self._background = background

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession() as http:
            while True:
                for events in self._world.events.values():
                    self._start_due(events, http)
                await self._world.feed.changed()

    def _start_due(self, events: Events, http: aiohttp.ClientSession) -> None:
        now = self._world.clock.now()
        for delivery in events.pending:
            if not delivery.in_flight and delivery.wake_at <= now:
                delivery.in_flight = True
                self._background.start(self._deliver(events, delivery, http))

    async def _deliver(
        self, events: Events, delivery: Delivery, http: aiohttp.ClientSession
    ) -> None:
        pauses = self._world.config.callback_pauses
        for tries in range(len(pauses) + 1):
            answer = await self._post(delivery, tries, http)
            delivery.statuses.append(answer.status)
            if self._accepted(events, delivery, answer) or tries == len(pauses):
                break
            await asyncio.sleep(pauses[tries])
        else:
            delivery.server.status = "failed"
        events.pending.remove(delivery)
        events.done.append(delivery)
        self._world.feed.touch()

    def _accepted(self, events: Events, delivery: Delivery, answer: Answer) -> bool:
        server = delivery.server
        if answer.status != 200:
            return False
        if delivery.body["type"] == "confirmation":
            right = answer.body == events.group.confirmation
            server.status = "ok" if right else "unconfigured"
            return right
        if answer.body == "remove":
            events.group.servers.remove(server)
            return True
        return answer.body == "ok"

    async def _post(self, delivery: Delivery, tries: int, http: aiohttp.ClientSession) -> Answer:
        headers = {"X-Retry-Counter": str(tries)} if tries else {}
        limit = aiohttp.ClientTimeout(total=self._world.config.callback_timeout)
        try:
            async with http.post(
                delivery.server.url, json=delivery.body, headers=headers, timeout=limit
            ) as answer:
                return Answer(
                    answer.status, await answer.text(), answer.headers.get("Retry-After", "")
                )
        except (aiohttp.ClientError, TimeoutError):
            return Answer()
