"""The only place that talks to Viber: JSON answers in, DeliveryErrors out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)

from channels.viber import faults
from channels.viber.config import Config
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)

HEADER = "X-Viber-Auth-Token"
ANSWER_SECONDS = 30.0
DOWNLOAD_SECONDS = 600.0
CONNECT_SECONDS = 10.0
CHUNK = 1 << 16
GONE = "Viber no longer has this file."


class Api:
    """One bot's connection; the session is made with the first call."""

    def __init__(self, config: Config) -> None:
        self._base = config.api_url
        self._token = config.token.get_secret_value()
        self._session: ClientSession | None = None

    async def call(self, method: str, body: dict[str, Any], *, again: bool = False) -> Any:
        """The decoded answer of `pa/<method>`; raises a DeliveryError.

        `again` marks a request that may be repeated harmlessly.
        """
        problem: DeliveryError
        try:
            return await self._post(method, body)
        except DeliveryError as error:
            problem = error
        except (ClientError, TimeoutError, OSError) as error:
            problem = _no_answer(error)
        if again and isinstance(problem, OutcomeUnknown):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        raise problem.with_traceback(None)

    async def _post(self, method: str, body: dict[str, Any]) -> Any:
        headers = {HEADER: self._token, "Content-Type": "application/json"}
        async with self._open().post(
            f"{self._base}/pa/{method}",
            data=orjson.dumps(body),
            headers=headers,
            timeout=ClientTimeout(total=ANSWER_SECONDS, connect=CONNECT_SECONDS),
        ) as response:
            raw = await response.read()
        answer = _decoded(raw)
        if answer is None or response.status != 200:
            raise faults.foreign(response.status)
        if problem := faults.refusal(answer):
            raise problem
        return answer

    async def stream(self, url: str, limit: int) -> AsyncIterator[bytes]:
        """Chunks of a client's file, at most `limit` bytes; the address alone opens it."""
        problem: DeliveryError
        try:
            timeout = ClientTimeout(total=DOWNLOAD_SECONDS, connect=CONNECT_SECONDS)
            async with self._open().get(url, timeout=timeout) as response:
                if response.status != 200:
                    raise _no_file(response.status)
                taken = 0
                async for chunk in response.content.iter_chunked(CHUNK):
                    taken += len(chunk)
                    if taken > limit:
                        raise Rejected("too_large")
                    yield chunk
        except (ClientError, TimeoutError, OSError):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        else:
            return
        raise problem

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _decoded(raw: bytes) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _no_answer(error: Exception) -> DeliveryError:
    """Before the request left it is safe to repeat, after it is not."""
    if isinstance(error, InvalidURL):
        return ChannelBroken(faults.NOT_AN_API)
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError):
        return RetryLater(faults.UNREACHABLE_API, after=5)
    return OutcomeUnknown(faults.NO_ANSWER)


def _no_file(status: int) -> DeliveryError:
    if status in {403, 404, 410}:
        return Rejected(GONE)
    return RetryLater(faults.OUT_OF_ORDER, after=10)
