"""The HTTP face of one widget: which call is whose, who may call, how refusals look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from channels.flood import neighbourhood
from channels.origins import PREFLIGHT, admits, cors
from channels.webchat import complaints, desk, files
from channels.webchat.complaints import Complaint
from channels.webchat.config import language_for
from channels.webchat.desk import Desk
from routing.contracts import Intake

Call = Callable[[Desk, web.Request, Intake], Awaitable[web.StreamResponse]]
CALLS: dict[tuple[str, str], Call] = {
    ("POST", "session"): desk.session,
    ("POST", "messages"): desk.messages,
    ("POST", "files"): files.upload,
    ("POST", "read"): desk.read,
    ("POST", "typing"): desk.typing,
    ("GET", "history"): desk.history,
    ("GET", "stream"): desk.stream,
}


async def answer(at: Desk, request: web.Request, tail: str, intake: Intake) -> web.StreamResponse:
    """Answer one call; refusals become JSON that the calling site may read."""
    try:
        response = await _routed(at, request, tail, intake)
    except Complaint as complaint:
        response = complaint.answer(language_for(at.config, desk.language_of(request)))
    if not response.prepared and admits(request.headers, request.host, at.config.origins):
        response.headers.update(cors(request.headers))
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _routed(at: Desk, request: web.Request, tail: str, intake: Intake) -> web.StreamResponse:
    section, _, name = tail.partition("/")
    # Pictures and players ask for files without saying from which page: their names are signed.
    if request.method in {"GET", "HEAD"} and section == "files":
        desk.charge(at.addresses, neighbourhood(request.remote))
        return await files.download(at, request, name)
    if not admits(request.headers, request.host, at.config.origins):
        raise complaints.foreign()
    if request.method == "OPTIONS":
        return web.Response(status=204, headers=PREFLIGHT)
    desk.charge(at.addresses, neighbourhood(request.remote))
    call = CALLS.get((request.method, tail))
    if call is None:
        raise complaints.nowhere()
    return await call(at, request, intake)
