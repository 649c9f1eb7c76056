"""What Asterisk asks Pult over HTTP: whom to ring. Answers are short texts the dialplan checks."""

from __future__ import annotations

from collections.abc import Callable

from routing.contracts import HookReply, HookRequest
from telephony.contracts import Answer, Desk, Opening, Question

Openings = Callable[[str | None], Opening]


async def answer(request: HookRequest, path: str, desk: Desk, opening: Openings) -> HookReply:
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
        tried=extensions(query.get("tried", "")),
    )
    return HookReply(body=render(await desk.decide(question, opening(question.did))).encode())


def extensions(text: str) -> tuple[str, ...]:
    """`101&102,103` -> 101, 102, 103."""
    return tuple(one for one in text.replace("&", ",").split(",") if one)


def digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))[:4]


def render(found: Answer) -> str:
    if found.busy:
        return "busy"
    if found.extensions:
        return f"ext:{'&'.join(found.extensions)}"
    return f"queue:{found.queue}" if found.queue else ""
