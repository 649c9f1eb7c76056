"""Access tokens of a mailbox: fetched by its refresh token, kept until shortly before they end."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import orjson

from channels.email.config import Config
from crm_core.accounts import cursors
from crm_core.kernel import clock, secrets
from crm_core.kernel.i18n import _
from routing.contracts import ChannelBroken, RetryLater

EARLIER = timedelta(minutes=3)
USUAL_LIFE = 3600
TIMEOUT = aiohttp.ClientTimeout(total=20)
CURSOR = "oauth"


class Tokens:
    """Tokens of one mailbox; None for one that logs in by password.

    Some services change the refresh token at every use (RFC 6749, 6): the newest is kept,
    encrypted, as long as the one in the settings stays the same.
    """

    def __init__(self, channel_id: int, config: Config) -> None:
        self._channel_id = channel_id
        self._config = config
        self._turn = asyncio.Lock()
        self._access: tuple[str, datetime] | None = None

    async def access(self) -> str | None:
        """A token that is good for minutes at least; raises ChannelBroken, RetryLater."""
        if self._config.auth != "oauth2":
            return None
        async with self._turn:
            if self._access is None or self._access[1] <= clock.now():
                self._access = await self._fetch()
            return self._access[0]

    def forget(self) -> None:
        """The server refused the token: ask for a new one next time."""
        self._access = None

    async def _fetch(self) -> tuple[str, datetime]:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._config.oauth_client_id,
            "refresh_token": await self._refresh_token(),
        }
        if secret := self._config.oauth_client_secret:
            form["client_secret"] = secret.get_secret_value()
        if self._config.oauth_scope:
            form["scope"] = self._config.oauth_scope
        answer = await self._asked(form)
        if newer := answer.get("refresh_token"):
            await self._keep(str(newer))
        life = timedelta(seconds=int(answer.get("expires_in") or USUAL_LIFE))
        return str(answer["access_token"]), clock.now() + max(life - EARLIER, life / 2)

    async def _asked(self, form: dict[str, str]) -> dict[str, Any]:
        url = self._config.oauth_url
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as http,
                http.post(url, data=form) as reply,
            ):
                status, text = reply.status, await reply.read()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            line = _("The token server %(url)s can't be reached.") % {"url": url}
            raise RetryLater(line, after=30) from None
        answer = _object(text)
        if "access_token" in answer:
            return answer
        if status >= 500 or status == 429:
            line = _("The token server %(url)s has trouble of its own.") % {"url": url}
            raise RetryLater(line, after=30)
        raise ChannelBroken(_complaint(answer, url))

    async def _refresh_token(self) -> str:
        given = self._config.oauth_refresh_token
        assert given is not None  # noqa: S101 - the settings were validated
        first = given.get_secret_value()
        kept = await cursors.read(self._channel_id, CURSOR)
        if kept and kept.get("of") == secrets.fingerprint(first):
            return secrets.decrypt(str(kept["newest"]))
        return first

    async def _keep(self, newer: str) -> None:
        given = self._config.oauth_refresh_token
        first = given.get_secret_value() if given else ""
        facts = {"of": secrets.fingerprint(first), "newest": secrets.encrypt(newer)}
        await cursors.write(self._channel_id, CURSOR, facts)


def _object(text: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _complaint(answer: dict[str, Any], url: str) -> str:
    fault = str(answer.get("error") or "")
    if fault == "invalid_grant":
        return _(
            "The permission (refresh token) has ended or was taken back: give it to Pult once more."
        )
    if fault in {"invalid_client", "unauthorized_client"}:
        return _("The token server does not know oauth_client_id or its secret: check both.")
    line = _("The token server %(url)s gives no token: %(reason)s.")
    return line % {"url": url, "reason": fault or "?"}
