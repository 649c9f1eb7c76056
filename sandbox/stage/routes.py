"""Puts the stage onto an aiohttp application."""

from __future__ import annotations

from aiohttp import web

from sandbox.botapi.actor import Actor
from sandbox.botapi.world import World
from sandbox.stage import pages, telephone
from sandbox.stage.acts import Ask, perform
from sandbox.stage.config import Json, Person, StageConfig
from sandbox.stage.door import Handler, guarded
from sandbox.stage.errors import StageError
from sandbox.stage.request import Upload, read_act
from sandbox.stage.snapshot import whole_state
from sandbox.stage.stream import Pages
from sandbox.stage.windowing import act_in_window
from sandbox.stage.windows import Window


def mount(app: web.Application, world: World, *, config: StageConfig) -> None:
    """Add `/` and everything under `/stage/`. The world's users and bots must be there already."""
    stage = _Stage(world, config)
    app.on_shutdown.append(stage.pages.close)
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/", pages.stage_page),
        ("GET", "/stage/state", stage.state),
        ("GET", "/stage/stream", stage.pages.stream),
        ("GET", "/stage/shop", stage.shop),
        ("GET", "/stage/file/{id}", stage.file),
        ("GET", "/stage/web/{path:.+}", pages.asset),
        ("POST", "/stage/act", stage.act),
        ("POST", "/stage/reset", stage.reset),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, guarded(handler, config))


class _Stage:
    """The handlers that need the world."""

    def __init__(self, world: World, config: StageConfig) -> None:
        self.world, self.config = world, config
        self.pages = Pages(world, config)

    async def state(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(whole_state(self.world, self.config, self.pages.boot))

    async def shop(self, request: web.Request) -> web.StreamResponse:
        return await pages.shop_page(request, self.config)

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await pages.person_file(request, self.world, self.config)

    async def act(self, request: web.Request) -> web.StreamResponse:
        """`{"key": "user:bot", "act": name, "thread_id"?, …}`; the answer says what came of it."""
        try:
            body, uploads = await read_act(request, self.world.config.max_upload)
            return web.json_response(await self._perform(body, uploads))
        except StageError as error:
            return web.json_response({"error": error.code}, status=error.status)

    async def _perform(self, body: Json, uploads: list[Upload]) -> Json:
        if body.get("key") == telephone.KEY and self.config.telephone is not None:
            return await self.config.telephone.act(str(body.get("act")), str(body.get("who")))
        if window := self._window(body):
            return await act_in_window(window, body, uploads)
        person = self._person(body)
        ask = Ask(actor=self._actor(person, body), person=person, body=body, uploads=uploads)
        return perform(str(body.get("act")), ask)

    async def reset(self, _: web.Request) -> web.StreamResponse:
        await self.config.reset()
        self.pages.restart()
        return web.json_response({})

    def _window(self, body: Json) -> Window | None:
        return next((each for each in self.config.windows if each.info.id == body.get("key")), None)

    def _person(self, body: Json) -> Person:
        for person in self.config.people:
            if person.key == body.get("key"):
                return person
        raise StageError("bad_request")

    def _actor(self, person: Person, body: Json) -> Actor:
        actor = self.world.actor(self.world.users[person.user_id], self.world.bots[person.bot_id])
        thread_id = body.get("thread_id")
        if thread_id is None:
            return actor
        if thread_id not in actor.chat.topics:
            raise StageError("gone", 409)
        return actor.in_topic(thread_id)
