"""The website widget's script, and the calls of visitors' browsers: `/widget.js`, `/w/{id}/…`."""

from __future__ import annotations

from aiohttp import web

from admin_web.context import CONTEXT
from channels.public import ServesVisitors
from channels.webchat.assets import widget_etag, widget_js

routes = web.RouteTableDef()


@routes.get("/widget.js")
async def script(request: web.Request) -> web.Response:
    """One script for all sites; browsers ask again whether it changed."""
    headers = {
        "ETag": widget_etag(),
        "Cache-Control": "public, max-age=300, must-revalidate",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(
        body=widget_js(), content_type="text/javascript", charset="utf-8", headers=headers
    )


@routes.route("*", "/w/{channel:\\d+}/{tail:.*}")
async def visitor(request: web.Request) -> web.StreamResponse:
    """Hand the call to the channel whose visitor it is."""
    context = request.app[CONTEXT]
    live = context.live().get(int(request.match_info["channel"]))
    if live is None or not isinstance(live.channel, ServesVisitors):
        raise web.HTTPNotFound(text="there is no such widget, or it is switched off")
    intake = context.pipe.intake(live.row.id, live.channel.parse)
    return await live.channel.serve(request, request.match_info["tail"], intake)
