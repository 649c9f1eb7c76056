"""The server-sent events of one open page: screens that changed, answers to presses, log lines."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web

from sandbox.botapi.feed import Change, Subscription
from sandbox.botapi.world import World
from sandbox.stage import telephone
from sandbox.stage.config import Json, Person, StageConfig
from sandbox.stage.snapshot import keys_of, screen_of, telephone_of

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
_LOOK_AT_LOG = 0.4
_PING = 15.0


@dataclass(slots=True, eq=False)
class Page:
    """What one open page has not been told yet. Several changes of one phone become one screen."""

    people: dict[str, Person]
    keys: list[str]
    changed: dict[str, None] = field(default_factory=dict)
    events: list[tuple[str, Json]] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    seen_line: int = 0
    beginnings: int = 0
    closed: bool = False

    def note(self, change: Change) -> None:
        """Take in one change of the world."""
        user, bot = change.get("chat_id"), change.get("bot_id")
        for key, person in self.people.items():
            if person.bot_id == bot and user in (None, person.user_id):
                self.changed[key] = None
                if change["kind"] == "callback_answered":
                    answer = {"key": key, "id": change["callback_id"], "answer": change["answer"]}
                    self.events.append(("answer", answer))
        self.wake.set()

    def touch(self, key: str) -> None:
        """A window shows something else now."""
        self.changed[key] = None
        self.wake.set()

    def restart(self, boot: str) -> None:
        """The demo was reset: everything is told anew."""
        self.seen_line = 0
        self.beginnings += 1
        self.changed = dict.fromkeys(self.keys)
        self.events.append(("reset", {"boot": boot}))
        self.wake.set()

    def close(self) -> None:
        self.closed = True
        self.wake.set()


class Pages:
    """All pages open now."""

    def __init__(self, world: World, config: StageConfig) -> None:
        self._world, self._config = world, config
        self._open: set[Page] = set()
        self.boot = secrets.token_hex(8)
        """Names this run of the demo; a page that comes back with another one reloads."""

    def restart(self) -> None:
        self.boot = secrets.token_hex(8)
        for page in self._open:
            page.restart(self.boot)

    async def close(self, _: web.Application) -> None:
        """End all streams, so that the server can stop at once."""
        for page in self._open:
            page.close()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        people = {each.key: each for each in self._config.people}
        keys = keys_of(self._config)
        page = Page(people, keys, changed=dict.fromkeys(keys))
        page.events.append(("hello", {"boot": self.boot}))
        self._open.add(page)
        try:
            await self._serve(page, response)
        except* ConnectionError:
            pass  # the visitor has gone
        finally:
            self._open.discard(page)
        return response

    async def _serve(self, page: Page, response: web.StreamResponse) -> None:
        windows = [each.watch(partial(page.touch, each.info.id)) for each in self._config.windows]
        if self._config.telephone is not None:
            windows.append(self._config.telephone.watch(partial(page.touch, telephone.KEY)))
        async with self._world.subscribe() as changes, asyncio.TaskGroup() as group:
            group.create_task(_collect(changes, page))
            try:
                await self._tell(page, response)
            finally:
                changes.close()
                for unwatch in windows:
                    unwatch()

    async def _tell(self, page: Page, response: web.StreamResponse) -> None:
        spoke = time.monotonic()
        while not page.closed:
            chunks = [*self._news(page), *await self._lines(page)]
            if not chunks and time.monotonic() - spoke > _PING:
                chunks = [b": still here\n\n"]
            if chunks:
                spoke = time.monotonic()
                await response.write(b"".join(chunks))
            await _nap(page)

    def _news(self, page: Page) -> list[bytes]:
        page.wake.clear()
        changed, page.changed = page.changed, {}
        events, page.events = page.events, []
        screens = [self._shown(key) for key in changed]
        first = [each for each in events if each[0] != "answer"]
        answers = [each for each in events if each[0] == "answer"]
        return [_event(name, body) for name, body in [*first, *screens, *answers]]

    def _shown(self, key: str) -> tuple[str, Json]:
        if key == telephone.KEY:
            return key, telephone_of(self._config) or {}
        return "screen", screen_of(self._world, self._config, key)

    async def _lines(self, page: Page) -> list[bytes]:
        beginning = page.beginnings
        lines = await self._config.log(page.seen_line)
        if not lines or page.beginnings != beginning:
            return []
        page.seen_line = max(each["id"] for each in lines)
        return [_event("log", {"lines": list(lines)})]


async def _collect(changes: Subscription, page: Page) -> None:
    async for change in changes:
        page.note(change)


async def _nap(page: Page) -> None:
    """Until something happened, or it is time to look at the log again."""
    try:
        async with asyncio.timeout(_LOOK_AT_LOG):
            await page.wake.wait()
    except TimeoutError:
        return


def _event(name: str, body: Json) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()
