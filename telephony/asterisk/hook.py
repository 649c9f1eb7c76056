"""What Asterisk asks Pult over HTTP: whom to ring. Answers are short texts the dialplan checks."""

from __future__ import annotations

from routing.contracts import HookReply, HookRequest
from telephony.contracts import Answer, Desk, Opening, Question


async def answer(request: HookRequest, path: str, desk: Desk, opening: Opening) -> HookReply:
    """`route?call=…&caller=…&did=…&tried=101,102` -> `ext:103`, `queue:sales`, `busy`, ``."""
    if path != "route":
        return HookReply(status=404, body=b"unknown")
    query = request.query
    if not query.get("call"):
        return HookReply(status=400, body=b"call is missing")
    question = Question(
        key=query["call"][:150],
        caller=query.get("caller"),
        did=query.get("did"),
        tried=tuple(one for one in query.get("tried", "").replace("&", ",").split(",") if one),
    )
    return HookReply(body=render(await desk.decide(question, opening)).encode())


def render(found: Answer) -> str:
    if found.busy:
        return "busy"
    if found.extensions:
        return f"ext:{'&'.join(found.extensions)}"
    return f"queue:{found.queue}" if found.queue else ""
