"""Who calls the API: a bearer token of one employee."""

from __future__ import annotations

from aiohttp import web

from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import CrmError
from crm_core.kernel.i18n import N_
from crm_core.staff.queries import actor_of_token


class Unauthorized(CrmError):
    """Nobody known is calling."""

    code = "unauthorized"
    status = 401


async def actor_of(request: web.Request) -> Actor:
    """The caller; Unauthorized for an absent, unknown or revoked token."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    actor = await actor_of_token(token) if scheme.lower() == "bearer" and token else None
    if actor is None:
        raise Unauthorized(N_("A valid API token is needed: Authorization: Bearer …"))
    return actor
