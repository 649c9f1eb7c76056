"""`/files/{id}` for holders of an API token with rights, `/files/s/{token}` for signed links,
`/files/c/{token}/{name}` for providers that fetch what we send."""

from __future__ import annotations

from aiohttp import web

from admin_web.api.bearer import actor_of
from crm_core.dialogs import access
from crm_core.files.links import (
    check_content_token,
    check_token,
    content_mime,
    stored_attachment,
)
from crm_core.files.serving import serving_headers
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.errors import NotFound

routes = web.RouteTableDef()


@routes.get("/files/s/{token}")
async def by_link(request: web.Request) -> web.StreamResponse:
    attachment_id = check_token(request.match_info["token"])
    if attachment_id is None:
        raise web.HTTPForbidden(text="this link has expired")
    return _served(await _found(attachment_id))


@routes.get("/files/c/{token}/{name}")
async def by_provider(request: web.Request) -> web.StreamResponse:
    """A file on its way out: the provider has only this address."""
    name = request.match_info["name"]
    sha = check_content_token(request.match_info["token"], name)
    if sha is None:
        raise web.HTTPForbidden(text="this link has expired")
    mime = await content_mime(sha)
    if mime is None:
        raise NotFound("There is no such file.")
    return _served({"sha": sha, "name": name, "mime": mime})


@routes.get("/files/{id:\\d+}")
async def by_right(request: web.Request) -> web.StreamResponse:
    """Only for those who may read the dialog the file came in."""
    actor = await actor_of(request)
    row = await _found(int(request.match_info["id"]))
    await access.require_read(actor, row["dialog_id"])
    return _served(row)


async def _found(attachment_id: int) -> db.Row:
    row = await stored_attachment(attachment_id)
    if row is None:
        raise NotFound("There is no such file.")
    return row


def _served(row: db.Row | dict[str, str]) -> web.StreamResponse:
    path = store().path(row["sha"])
    if not path.exists():
        raise NotFound("There is no such file.")
    return web.FileResponse(path, headers=serving_headers(row["name"], row["mime"]))
