"""The web application: routes of every page, middlewares for proxies and refusals."""

from __future__ import annotations

from aiohttp import web

from admin_web import files, health, hooks, recordings, widget
from admin_web.api import channels, commands, openapi, reports
from admin_web.context import CONTEXT, Context
from admin_web.proxies import proxies
from admin_web.refusals import refusals

# Uploads are streamed with limits of their own; this is for bodies read whole.
BODY_LIMIT = 8 * 2**20


def build(context: Context) -> web.Application:
    """Everything under one roof; the caller serves it."""
    app = web.Application(middlewares=[proxies, refusals], client_max_size=BODY_LIMIT)
    app[CONTEXT] = context
    pages = (
        *(health, hooks, widget, commands, openapi, channels, files, recordings),
        reports,
    )
    for page in pages:
        app.add_routes(page.routes)
    return app
