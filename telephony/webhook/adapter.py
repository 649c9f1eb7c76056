"""A generic PBX: tells calls as JSON, asks whom to ring, takes orders as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import aiohttp
import orjson
import structlog
from pydantic import BaseModel, ValidationError

from crm_core.calls.orders import Order
from crm_core.calls.shapes import CallSeen
from crm_core.kernel.i18n import N_
from routing.contracts import CheckReport, HookReply, HookRequest
from telephony.contracts import Answer, Desk, PbxAccount, Question, Refusal
from telephony.webhook.config import Config as Settings
from telephony.webhook.parse import CallEvent, seen_after

log = structlog.get_logger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=10)
SETUP = """\
Post what happens with calls, one JSON object or a list of them, to
  {url}/events
Ask whom to ring (answer within 2 seconds, go on by yourself else) at
  {url}/route?call=ID&caller=NUMBER&did=NUMBER&tried=101,102
The JSON of both, and of the orders Pult posts to your `url`: docs/telephony.md.
"""


class Pbx:
    """A PBX behind webhooks. See telephony.contracts.Pbx."""

    TITLE: ClassVar[str] = "Webhook PBX"
    Config: ClassVar[type[BaseModel]] = Settings

    def __init__(self, account: PbxAccount) -> None:
        assert isinstance(account.config, Settings)  # noqa: S101 - built from our own Config
        self._account, self._config = account, account.config

    @property
    def linked(self) -> bool:
        return True

    async def run(self, desk: Desk) -> None:
        """Nothing to watch: the PBX calls us."""
        await desk.broken(None)
        await asyncio.Event().wait()

    async def receive(self, request: HookRequest, path: str, desk: Desk) -> HookReply:
        if path == "events" and request.method == "POST":
            return await self._events(request.body, desk)
        if path == "route":
            return await self._route(request, desk)
        return HookReply(status=404, body=b"unknown")

    async def _events(self, body: bytes, desk: Desk) -> HookReply:
        """200 only once they are stored; 422 says which is wrong and why."""
        try:
            raw = orjson.loads(body)
            events = [CallEvent.model_validate(one) for one in _listed(raw)]
        except (orjson.JSONDecodeError, ValidationError) as error:
            log.warning("pbx_event_refused", pbx=self._account.id, reason=type(error).__name__)
            return _json({"error": _fault(error)}, 422)
        await desk.amend(sorted({event.call for event in events}), partial(_apply, events))
        return _json({"taken": len(events)})

    async def _route(self, request: HookRequest, desk: Desk) -> HookReply:
        query = request.query
        if not query.get("call"):
            return _json({"error": "call is missing"}, 422)
        tried = tuple(one for one in query.get("tried", "").split(",") if one)
        question = Question(
            key=query["call"][:150], caller=query.get("caller"), did=query.get("did"), tried=tried
        )
        return _json(_answer(await desk.decide(question, self._config.opening(question.did))))

    async def carry_out(self, order: Order) -> None:
        if self._config.url is None:
            raise Refusal(N_("This PBX takes no orders: its url is not set."))
        await self._post({"verb": order.verb, "call": order.call_key, **order.data})

    async def _post(self, body: dict[str, Any]) -> None:
        token = self._config.token
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as http,
                http.post(str(self._config.url), json=body, headers=headers) as answer,
            ):
                if answer.status >= 300:
                    text = (await answer.text())[:200]
                    raise Refusal(f"the PBX refused ({answer.status}): {text}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Refusal(f"the PBX could not be reached: {type(error).__name__}") from None

    async def check(self) -> CheckReport:
        if self._config.url is None:
            return CheckReport(ok=True, line="only listened to: no url for orders is set")
        try:
            await self._post({"verb": "check"})
        except Refusal as error:
            return CheckReport(ok=False, line=str(error))
        return CheckReport(ok=True, line=f"{self._config.url.host} takes orders")

    def setup(self) -> str:
        return SETUP.format(url=self._account.hook_url or "(set PULT_PUBLIC_URL first)")

    async def close(self) -> None:
        """Nothing is kept open."""


def _apply(events: Sequence[CallEvent], known: dict[str, CallSeen]) -> list[CallSeen]:
    calls = dict(known)
    for event in events:
        calls[event.call] = seen_after(calls.get(event.call), event)
    return list(calls.values())


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]


def _fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return "the body is not JSON"


def _answer(found: Answer) -> dict[str, Any]:
    return {"ring": list(found.extensions), "queue": found.queue, "busy": found.busy}


def _json(body: dict[str, Any], status: int = 200) -> HookReply:
    return HookReply(status=status, body=orjson.dumps(body), content_type="application/json")
