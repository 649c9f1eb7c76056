"""Gives access tokens for refresh tokens, and tells mail servers whom a token belongs to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from aiohttp import web

HOST = "127.0.0.1"


@dataclass(slots=True, kw_only=True)
class TokenService:
    """`grants` are refresh token -> address. `rotates`: every use gives a new refresh token and
    ends the old one. `broken` answers 503."""

    client_id: str = "pult"
    client_secret: str = "secret of the application"  # noqa: S105 - a pretended one
    grants: dict[str, str] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    rotates: bool = False
    broken: bool = False
    lives: int = 3600
    asked: int = 0
    port: int = 0
    _runner: web.AppRunner | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def __aenter__(self) -> TokenService:
        app = web.Application()
        app.add_routes([web.post("/token", self._token), web.get("/introspect", self._introspect)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def token_url(self) -> str:
        return f"http://{HOST}:{self.port}/token"

    @property
    def introspection_url(self) -> str:
        """For Dovecot: the token follows."""
        return f"http://{HOST}:{self.port}/introspect?token="

    def revoke(self) -> None:
        """All access tokens end now."""
        self.access.clear()

    async def _token(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.broken:
            return web.Response(status=503, text="busy")
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (
            self.client_id,
            self.client_secret,
        ):
            return _fault("invalid_client", 401)
        if form.get("grant_type") != "refresh_token":
            return _fault("unsupported_grant_type", 400)
        refresh = str(form.get("refresh_token"))
        if refresh not in self.grants:
            return _fault("invalid_grant", 400)
        return web.json_response(self._given(refresh))

    def _given(self, refresh: str) -> dict[str, object]:
        number = next(self._numbers)
        address = self.grants[refresh]
        token = f"access-{number}-{address}"
        self.access[token] = address
        found: dict[str, object] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lives,
        }
        if self.rotates:
            del self.grants[refresh]
            found["refresh_token"] = f"refresh-{number}"
            self.grants[f"refresh-{number}"] = address
        return found

    async def _introspect(self, request: web.Request) -> web.Response:
        address = self.access.get(request.query.get("token", ""))
        active = address is not None
        return web.json_response(
            {"active": active, "email": address} if active else {"active": active}
        )


def _fault(name: str, status: int) -> web.Response:
    return web.json_response({"error": name}, status=status)
