"""Who calls the API: a bearer token of one employee."""

from __future__ import annotations

from aiohttp import web

from admin_web.refusals import json
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import _
from crm_core.staff.queries import actor_of_token


async def actor_of(request: web.Request) -> Actor:
    """The caller; 401 with one line for an absent, unknown or revoked token."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    actor = await actor_of_token(token) if scheme.lower() == "bearer" and token else None
    if actor is None:
        text = _("A valid API token is needed: Authorization: Bearer …")
        body = json({"error": {"code": "unauthorized", "message": text}}).body
        raise web.HTTPUnauthorized(
            body=body,
            content_type="application/json",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return actor
