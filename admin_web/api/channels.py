"""`GET /api/v1/channels`: channel accounts and how they are doing."""

from __future__ import annotations

from aiohttp import web

from admin_web.api.bearer import actor_of
from admin_web.refusals import json
from crm_core.accounts.health import health
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import using

routes = web.RouteTableDef()


@routes.get("/api/v1/channels")
async def index(request: web.Request) -> web.Response:
    """For those who may connect channels; switching is the command `channel.switch`."""
    actor = await actor_of(request)
    actor.require(Right.CHANNEL_WRITE)
    with using(actor.language):
        return json({"channels": [one.facts() for one in await health()]})
