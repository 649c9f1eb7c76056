"""Gateways over HTTP that speak like smsc.ru: send.php, get.php, status.php, calls to our hook."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)

from channels.sms import faults
from channels.sms.config import Config
from channels.sms.gateway import Note, Outgoing, Params, Take
from channels.sms.smscparse import body_of, key_of
from crm_core.kernel.i18n import _
from routing.contracts import (
    ChannelBroken,
    CheckReport,
    DeliveryError,
    HookRequest,
    OutcomeUnknown,
    RawEvent,
    Rejected,
    RetryLater,
    Sent,
)

log = structlog.get_logger(__name__)

SECONDS = ClientTimeout(total=30, connect=10)
AFTER_TROUBLE_SECONDS = 30.0
ERRORS: dict[int, DeliveryError] = {
    2: ChannelBroken(faults.LOGIN_REFUSED),
    3: ChannelBroken(faults.NO_MONEY),
    4: ChannelBroken(faults.ADDRESS_BLOCKED),
    6: Rejected(faults.FORBIDDEN),
    7: Rejected(faults.WRONG_NUMBER),
    8: Rejected(faults.BAD_NUMBER),
    9: RetryLater(faults.TOO_OFTEN, after=60),
}


class HttpGateway:
    """Keeps `channels.sms.gateway.Gateway`."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._session: ClientSession | None = None

    async def send(self, sms: Outgoing) -> Sent:
        params = {"phones": sms.to, "mes": sms.text, "charset": "utf-8", "fmt": "3"}
        if self._config.sender:
            params["sender"] = self._config.sender
        answer = await self._call("send.php", params)
        if answer.get("id") in (None, ""):
            raise OutcomeUnknown(faults.NO_ANSWER)
        return Sent((str(answer["id"]),))

    async def run(self, take: Take, note: Note) -> None:
        """Look for incoming ones in turn: calls to our hook are only quicker."""
        after, marked = "0", True
        while True:
            pause = float(self._config.poll_seconds)
            try:
                after = await self._collect(take, after)
                if marked:
                    await note(None)
                marked = False
            except DeliveryError as error:
                pause = max(pause, AFTER_TROUBLE_SECONDS)
                log.warning("sms_not_collected", reason=str(error))
                if isinstance(error, ChannelBroken):
                    marked = True
                    await note(str(error))
            await asyncio.sleep(pause)

    async def _collect(self, take: Take, after: str) -> str:
        """Everything newer than `after`; known ones end at their keys."""
        params = {"get_answers": "1", "after_id": after, "fmt": "3"}
        answer = await self._call("get.php", params, again=True)
        rows = answer if isinstance(answer, list) else []
        for row in sorted(rows, key=lambda row: int(row["id"])):
            fields = {str(name): str(value) for name, value in row.items()}
            await take(RawEvent(key=key_of(fields), body=body_of(fields)))
            after = fields["id"]
        return after

    def read(self, request: HookRequest) -> RawEvent:
        fields = dict(request.query) | _form(request)
        return RawEvent(key=key_of(fields), body=body_of(fields))

    async def check(self) -> CheckReport:
        try:
            answer = await self._call("balance.php", {"fmt": "3"}, again=True)
        except DeliveryError as error:
            return CheckReport(ok=False, line=_(str(error)))
        balance = answer.get("balance")
        line = _("works, on the account: %(balance)s.") % {"balance": balance}
        return CheckReport(ok=True, line=line, facts={"balance": balance})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self, page: str, params: Params, *, again: bool = False) -> Any:
        """The decoded answer; raises a DeliveryError. `again`: may be repeated harmlessly."""
        problem: DeliveryError
        try:
            return await self._post(page, params)
        except DeliveryError as error:
            problem = error
        except (ClientConnectorError, ConnectionTimeoutError):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        except (ClientError, TimeoutError, OSError):
            problem = OutcomeUnknown(faults.NO_ANSWER)
        if again and isinstance(problem, OutcomeUnknown):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        raise problem.with_traceback(None)

    async def _post(self, page: str, params: Params) -> Any:
        if self._session is None:
            self._session = ClientSession()
        data = {"login": self._config.login, "psw": self._config.password.get_secret_value()}
        url = f"{self._config.api_url}/{page}"
        async with self._session.post(url, data=data | dict(params), timeout=SECONDS) as response:
            raw = await response.read()
        if response.status != 200:
            raise _foreign(response.status)
        return _answer(raw)


def _answer(raw: bytes) -> Any:
    answer: Any = None
    with suppress(orjson.JSONDecodeError):
        answer = orjson.loads(raw)
    if not isinstance(answer, dict | list):
        raise OutcomeUnknown(faults.NO_ANSWER)
    if isinstance(answer, dict) and (code := answer.get("error_code")) is not None:
        problem = ERRORS.get(int(code), Rejected(faults.FORBIDDEN))
        raise problem
    return answer


def _foreign(status: int) -> DeliveryError:
    if status == 429:
        return RetryLater(faults.TOO_OFTEN, after=10)
    if 400 <= status < 500:
        return ChannelBroken(faults.NOT_AN_API)
    if status in {502, 504} or status < 400:
        return OutcomeUnknown(faults.NO_ANSWER)
    return RetryLater(faults.OUT_OF_ORDER, after=5)


def _form(request: HookRequest) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form"):
        return {}
    return dict(parse_qsl(request.body.decode("utf-8"), keep_blank_values=True))
