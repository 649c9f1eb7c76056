"""A gateway over HTTP that speaks like smsc.ru: send, get, status, balance, calls to a hook."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from sandbox.botapi.background import Background
from sandbox.sms.counting import parts
from sandbox.sms.state import Sms
from sandbox.sms.world import World

KNOWN = {
    "send": {"login", "psw", "phones", "mes", "charset", "fmt", "sender"},
    "get": {"login", "psw", "get_answers", "after_id", "fmt"},
    "status": {"login", "psw", "phone", "id", "fmt"},
    "balance": {"login", "psw", "fmt"},
}
STATES = {"sent": 0, "delivered": 1, "undelivered": 20}
PRICE = 3.5
TRIES = 5


class HttpGateway:
    """Serves a world while entered. `hook` is called with incoming ones and states, when set."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hook = ""
        self.url = ""
        self.refused: list[int] = []
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._background = Background()
        self._calls: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/sys/{page}.php", self._page)
        self._http = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/sys"
        self.world.to_company.append(self._incoming)
        self.world.reports.append(self._report)
        self._background.start(self._call_out())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.to_company.remove(self._incoming)
        self.world.reports.remove(self._report)
        await self._background.stop()
        if self._runner and self._http:
            await self._http.close()
            await self._runner.cleanup()

    async def settled(self) -> None:
        """Until every queued call of the hook was made."""
        await self._calls.join()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        page = request.match_info["page"]
        if page not in KNOWN:
            raise web.HTTPNotFound
        given: dict[str, Any] = dict(request.query) | dict(await request.post())
        if unknown := set(given) - KNOWN[page]:
            self.world.violations.append(f"{page}: unknown {sorted(unknown)}")
        if (given.get("login"), given.get("psw")) != (self.world.login, self.world.password):
            return _refused(2, "authorise error")
        if page == "balance":
            return web.json_response({"balance": f"{self.world.balance:.2f}"})
        if page == "get":
            return web.json_response(self._answers(int(given.get("after_id", 0))))
        return await self._send(request, given) if page == "send" else self._status(given)

    async def _send(self, request: web.Request, given: dict[str, Any]) -> web.StreamResponse:
        fault = self.world.fault()
        if fault and fault.http:
            return web.Response(status=fault.http, text="gateway")
        if fault and fault.code:
            return _refused(fault.code, "scripted")
        number, text = str(given.get("phones", "")), str(given.get("mes", ""))
        if not number or not text:
            return _refused(1, "parameters error")
        number = "+" + number.removeprefix("+")
        if not number[1:].isdecimal() or not 10 <= len(number) <= 16:
            return _refused(7, "invalid number")
        cost = parts(text) * PRICE
        if cost > self.world.balance:
            return _refused(3, "not enough money")
        self.world.balance -= cost
        sms = self.world.add(number, text, mine=False, sender=str(given.get("sender", "")))
        await self.world.arrive(sms)
        if fault and fault.lost and request.transport:
            request.transport.close()
        return web.json_response({"id": sms.id, "cnt": parts(text)})

    def _status(self, given: dict[str, Any]) -> web.StreamResponse:
        sms = self.world.sms.get(int(given.get("id", 0)))
        status = -3 if sms is None else STATES[sms.state]
        return web.json_response({"status": status})

    def _answers(self, after: int) -> list[dict[str, str]]:
        return [
            {
                "id": str(one.id),
                "phone": one.number.removeprefix("+"),
                "message": one.text,
                "to_phone": self.world.company.removeprefix("+"),
            }
            for one in self.world.sms.values()
            if one.mine and one.id > after
        ]

    async def _incoming(self, sms: Sms) -> None:
        to = self.world.company.removeprefix("+")
        call = {"id": str(sms.id), "phone": sms.number.removeprefix("+"), "mes": sms.text, "to": to}
        self._calls.put_nowait(call)

    async def _report(self, sms: Sms) -> None:
        self._calls.put_nowait(
            {
                "id": str(sms.id),
                "phone": sms.number.removeprefix("+"),
                "status": str(STATES[sms.state]),
                "ts": str(int(self.world.now())),
                "err": "0" if sms.state == "delivered" else "6",
            }
        )

    async def _call_out(self) -> None:
        while True:
            fields = await self._calls.get()
            for attempt in range(TRIES if self.hook else 0):
                if await self._call(fields) == 200:
                    break
                await asyncio.sleep(0.05 * 2**attempt)
            self._calls.task_done()

    async def _call(self, fields: dict[str, str]) -> int:
        assert self._http is not None  # noqa: S101 - the server runs
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            async with self._http.post(self.hook, data=fields, timeout=timeout) as answer:
                if answer.status != 200:
                    self.refused.append(answer.status)
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _refused(code: int, words: str) -> web.Response:
    return web.json_response({"error": words, "error_code": code})
