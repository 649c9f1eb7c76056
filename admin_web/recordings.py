"""`/recordings/{token}`: a call's sound with seeking, and its picture; the token is a command's."""

from __future__ import annotations

from aiohttp import web

from admin_web.refusals import json
from crm_core.files.serving import serving_headers
from crm_core.files.store import store
from crm_core.kernel.errors import NotFound
from crm_core.recordings import links
from crm_core.recordings.commands import LOST_FILE, playable
from crm_core.recordings.queries import RecordingView, recording_of

routes = web.RouteTableDef()

MIME = "audio/ogg"


@routes.get("/recordings/{token}")
async def sound(request: web.Request) -> web.StreamResponse:
    """The copy for phones; parts of it by `Range`. `call.listen_recording` gives the link."""
    found = await _found(request)
    path = store().path(found.sha or "")
    if not path.exists():
        raise NotFound(LOST_FILE)
    headers = serving_headers(f"call-{found.call_id}.ogg", MIME)
    return web.FileResponse(path, headers=headers | {"Accept-Ranges": "bytes"})


@routes.get("/recordings/{token}/wave")
async def wave(request: web.Request) -> web.Response:
    """`seconds` and `bars`: heights of 0..100 at equal distances."""
    found = await _found(request)
    return json({"seconds": (found.duration_ms or 0) / 1000, "bars": list(found.bars)})


async def _found(request: web.Request) -> RecordingView:
    call_id = links.call_of(request.match_info["token"])
    if call_id is None:
        raise web.HTTPForbidden(text="this link has expired")
    return playable(await recording_of(call_id))
