"""Refusals as HTTP: one shape, in the caller's language, never a traceback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from aiohttp import web

from crm_core.kernel import i18n
from crm_core.kernel.errors import CrmError, Missing
from crm_core.kernel.i18n import _

log = structlog.get_logger(__name__)

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def json(data: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(data), status=status, content_type="application/json", charset="utf-8"
    )


def language(request: web.Request) -> str:
    """Russian or English by the caller's Accept-Language; English when in doubt."""
    wanted = request.headers.get("Accept-Language", "")
    return "ru" if wanted.lower().startswith("ru") else "en"


@web.middleware
async def refusals(request: web.Request, handler: Handle) -> web.StreamResponse:
    """CrmError becomes its status and a JSON body; a fault of ours a 500 without details."""
    with i18n.using(language(request)):
        try:
            response = await handler(request)
        except CrmError as error:
            response = json(body_of(error), status=error.status)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = "Bearer"
        except web.HTTPException:
            raise
        except Exception:
            log.exception("request_failed", path=request.path, method=request.method)
            text = _("Something went wrong here. It was noted; try again later.")
            response = json({"error": {"code": "internal", "message": text}}, status=500)
    if not response.prepared:
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
    return response


def body_of(error: CrmError) -> dict[str, Any]:
    """`{"error": {"code", "message", "fields"?}}`."""
    body: dict[str, Any] = {"code": error.code, "message": i18n.explain(error)}
    if isinstance(error, Missing):
        body["fields"] = list(error.fields)
    return {"error": body}
