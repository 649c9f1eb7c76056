"""What a request's card needs beside the request."""

from __future__ import annotations

from bot.requests.cards import Facts
from crm_core.kernel.actors import Actor
from crm_core.requests.queries import RequestView
from crm_core.undo.queries import of_request


async def facts_of(viewer: Actor, view: RequestView, back: str = "") -> Facts:
    recent = await of_request(viewer, view.id)
    return Facts(view=view, viewer=viewer, back=back, undo=bool(recent))
