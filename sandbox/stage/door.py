"""Who may come in: this machine only, and no foreign page may act in the visitor's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.guard import SandboxRefusal, require_loopback
from sandbox.stage.config import StageConfig

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler, config: StageConfig) -> Handler:
    """The handler behind the door: 403 with one clear line for everybody else."""

    async def behind_the_door(request: web.Request) -> web.StreamResponse:
        if problem := _problem(request, config):
            return web.Response(status=403, text=problem)
        return await handler(request)

    return behind_the_door


def _problem(request: web.Request, config: StageConfig) -> str | None:
    if config.loopback_only and not (_is_here(request.remote) and _is_here(_name(request.host))):
        return "The stage of the demo answers this machine only: open it at http://127.0.0.1."
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin and urlsplit(origin).netloc != request.host:
        return "Another page tried to act on the stage: refused."
    return None


def _name(host: str) -> str | None:
    return urlsplit(f"//{host}").hostname


def _is_here(host: str | None) -> bool:
    try:
        require_loopback(host or "")
    except SandboxRefusal:
        return False
    return True
