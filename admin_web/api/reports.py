"""`GET /api/v1/reports/{report}.{form}`: a report as XLSX, CSV, PDF or PNG."""

from __future__ import annotations

from typing import Any

from aiohttp import web

# The command whose arguments are the same is registered by being imported.
import crm_core.reports.commands  # noqa: F401
from admin_web.api.bearer import actor_of
from crm_core.files.serving import serving_headers
from crm_core.kernel import commands
from crm_core.reports import running, texts
from crm_core.reports.files.making import TYPES, made

routes = web.RouteTableDef()
SEVERAL = frozenset({"employees"})


@routes.get("/api/v1/reports/{report}.{form}")
async def export(request: web.Request) -> web.Response:
    """The query holds the parameters of `report.run`; employees are divided by commas."""
    actor = await actor_of(request)
    given: dict[str, Any] = {
        name: value.split(",") if name in SEVERAL else value
        for name, value in request.query.items()
    }
    asked = {"report": request.match_info["report"], "parameters": given}
    arguments = commands.arguments_of("report.run", asked)
    table = await running.run(actor, arguments["report"], arguments["parameters"])
    form = request.match_info["form"]
    content = await made(table, form)
    headers = serving_headers(texts.file_name(table, form), TYPES[form])
    return web.Response(body=content, headers=headers | {"Content-Type": TYPES[form]})
