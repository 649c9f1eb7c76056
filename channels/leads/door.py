"""Who may bring leads, how often, and what they are told."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from channels.flood import Buckets, neighbourhood
from channels.leads import forms, render
from channels.leads.body import LeadBody
from channels.leads.config import Config
from channels.leads.decode import decode
from channels.leads.parse import READERS
from channels.origins import PREFLIGHT, cors, listed
from crm_core.kernel import clock, i18n
from crm_core.kernel.i18n import N_
from routing.contracts import Account, HookReply, HookRequest, Intake, RawEvent

log = structlog.get_logger(__name__)

BODY_MAX = 512 * 1024
ALLOWED = {"Access-Control-Allow-Headers": "Content-Type, Idempotency-Key"}
WINDOW = 600  # seconds in which the same form again is a second press


class Door:
    """The hook of one source."""

    def __init__(self, account: Account, config: Config) -> None:
        self._account = account
        self._config = config
        self._reader = READERS[config.service]
        per_minute = config.per_minute
        self._senders = Buckets(per_minute / 60, per_minute)

    async def answer(self, request: HookRequest, intake: Intake) -> HookReply:
        """Services get 200 once it is stored; forms what their visitor should read."""
        if not self._admits(request.remote):
            return HookReply(status=403, body=b"this address may not call here")
        if len(request.body) > BODY_MAX:
            return HookReply(status=413, body=b"too large")
        if self._config.service != "form":
            return await self._service(request, intake)
        return await self._form(request, intake)

    def _admits(self, remote: str) -> bool:
        allowed = self._config.addresses
        if not allowed:
            return True
        try:
            address = ipaddress.ip_address(remote)
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(one) for one in allowed)

    async def _service(self, request: HookRequest, intake: Intake) -> HookReply:
        if request.method not in {"GET", "POST"}:
            return HookReply(status=405, body=b"GET or POST only")
        raw = request.body or orjson.dumps(dict(request.query))
        try:
            data = decode(request)
            number = self._reader.key(data)
        except ValueError as error:
            await intake.refuse(f"body:{digest(raw)}", raw, str(error))
            return render.taken()
        # What is told anew under a known number changes the lead; the very same call is dropped.
        await self._accept(intake, f"{number}:{digest(raw)}", number, data)
        return render.taken()

    async def _accept(self, intake: Intake, key: str, number: str, data: Mapping[str, Any]) -> None:
        body = LeadBody(
            service=self._config.service,
            source=self._config.title or self._reader.title or self._account.name,
            id=number,
            at=clock.now(),
            data=dict(data),
        )
        await intake.accept(RawEvent(key=key[:200], body=body.model_dump(mode="json")))

    async def _form(self, request: HookRequest, intake: Intake) -> HookReply:
        origin = request.headers.get("origin", "")
        rules = self._config.origins
        if rules and origin and not listed(origin, rules):
            return _complaint(request, 403, N_("This site is not allowed to show this form."))
        if request.method == "OPTIONS":
            return _readable(HookReply(status=204, headers=PREFLIGHT | ALLOWED), request)
        if request.method in {"GET", "HEAD"}:
            return render.script(self._config, self._account.hook_url or "")
        wait = self._senders.take(neighbourhood(request.remote), clock.now())
        if wait:
            line = N_("Too many applications at once. Please try again in a minute.")
            return _complaint(request, 429, line, {"Retry-After": str(math.ceil(wait))})
        return _readable(await self._taken(request, intake), request)

    async def _taken(self, request: HookRequest, intake: Intake) -> HookReply:
        try:
            data = decode(request)
        except ValueError:
            return _complaint(request, 422, N_("The form could not be read."))
        if data.pop(self._config.trap, ""):
            log.info("form_trapped", channel=self._account.name)
            return self._thanks(request)
        if not forms.reachable(data):
            line = N_("Leave a phone number with its code or an e-mail, so that we can answer.")
            return _complaint(request, 422, line)
        known = request.headers.get("idempotency-key") or data.get("_id")
        number = forms.key(data | ({"_id": known} if known else {}))
        if not known:
            number += f":{int(clock.now().timestamp()) // WINDOW}"
        about = {"_origin": request.headers.get("referer") or request.headers.get("origin", "")}
        await self._accept(intake, number, number, about | data)
        return self._thanks(request)

    def _thanks(self, request: HookRequest) -> HookReply:
        if _is_script(request):
            return render.taken()
        if self._config.thanks_url:
            return render.moved(self._config.thanks_url)
        return render.page(N_("Thank you. We will contact you."), 200, _language(request))


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:24]


def _is_script(request: HookRequest) -> bool:
    """Whether a program reads the answer, not a person."""
    return "text/html" not in request.headers.get("accept", "")


def _language(request: HookRequest) -> str:
    return "en" if request.headers.get("accept-language", "ru")[:2].lower() == "en" else "ru"


def _complaint(
    request: HookRequest, status: int, line: str, headers: Mapping[str, str] | None = None
) -> HookReply:
    language = _language(request)
    if _is_script(request):
        with i18n.using(language):
            reply = render.data({"message": i18n.gettext(line)}, status)
    else:
        reply = render.page(line, status, language)
    return _readable(reply, request, headers)


def _readable(
    reply: HookReply, request: HookRequest, more: Mapping[str, str] | None = None
) -> HookReply:
    """With the headers that let the calling site read it."""
    allowed = cors({"Origin": request.headers["origin"]} if "origin" in request.headers else {})
    headers = dict(reply.headers) | allowed | dict(more or {})
    return HookReply(
        status=reply.status, body=reply.body, content_type=reply.content_type, headers=headers
    )
