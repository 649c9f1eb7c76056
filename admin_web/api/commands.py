"""`POST /api/v1/commands/{name}`: run a command; `GET /api/v1/commands`: what there is."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from admin_web.api.bearer import actor_of
from admin_web.refusals import json
from crm_core.kernel import commands
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import gettext

routes = web.RouteTableDef()
KEY_LIMIT = 100


@routes.post("/api/v1/commands/{name}")
async def run(request: web.Request) -> web.Response:
    """The body is the arguments; `Idempotency-Key` makes a repeated call harmless."""
    actor = await actor_of(request)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= KEY_LIMIT:
        raise Invalid("Idempotency-Key must have 1 to %(limit)s characters.", limit=KEY_LIMIT)
    result = await commands.run(
        actor,
        request.match_info["name"],
        await _arguments(request),
        key=f"api:{key}" if key else None,
    )
    return json({"result": result})


async def _arguments(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Invalid("The body is not JSON: %(error)s.", error=error) from None
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object of arguments.")
    return found


@routes.get("/api/v1/commands")
async def index(request: web.Request) -> web.Response:
    """Commands the caller may run."""
    actor = await actor_of(request)
    return json(
        {
            "commands": [
                {"name": one.name, "title": gettext(one.title)}
                for one in commands.all_commands().values()
                if actor.may(one.right)
            ]
        }
    )
