"""The only place that talks to the Bot API: raw JSON answers in, DeliveryErrors out.

Errors are raised outside `except` blocks on purpose: the library's exceptions and frames hold
addresses with the token, and nothing of them may travel on, not even as a context.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiohttp import ClientError, ClientResponseError, ClientTimeout

from channels.telegram import faults
from channels.telegram.config import Config
from routing.contracts import ChannelBroken, DeliveryError, OutcomeUnknown, Rejected, RetryLater

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
DOWNLOAD_SECONDS = 600.0
SLOWEST_BYTES_PER_SECOND = 64 * 1024


class RawSession(AiohttpSession):
    """Answers stay JSON: a field the library does not know must not undo a sent message."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        answer = _decoded(content)
        if answer is None:
            raise faults.foreign(status_code)
        if answer["ok"] and status_code < 300:
            return Response[Any].model_construct(ok=True, result=answer.get("result"))
        group = str(getattr(method, "chat_id", "")).startswith("-")
        raise faults.refusal(status_code, answer, group=group)


class Api:
    """One bot's connection."""

    def __init__(self, config: Config) -> None:
        self._server = TelegramAPIServer.from_base(config.api_url)
        self._session = RawSession(api=self._server, json_loads=orjson.loads)
        self._bot = Bot(config.token.get_secret_value(), session=self._session)

    async def call(
        self, method: TelegramMethod[Any], *, seconds: float = ANSWER_SECONDS, again: bool = False
    ) -> Any:
        """The `result` as raw JSON; raises a DeliveryError.

        `again` marks a request that may be repeated harmlessly: then an unknown outcome is
        nothing worse than waiting.
        """
        problem: DeliveryError
        try:
            return await self._session(self._bot, method, timeout=_timeout(seconds))
        except TelegramNetworkError as error:
            problem = faults.no_answer(error.__cause__)
        except DeliveryError as error:
            problem = error
        if again and isinstance(problem, OutcomeUnknown):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        raise problem.with_traceback(None)

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """Chunks of a file that getFile named; raises RetryLater, Rejected or ChannelBroken."""
        problem: DeliveryError
        try:
            async for chunk in self._session.stream_content(
                self._server.file_url(self._bot.token, path), timeout=_timeout(DOWNLOAD_SECONDS)
            ):
                yield chunk
        except ClientResponseError as error:
            problem = _no_file(error.status)
        except (ClientError, TimeoutError):
            problem = RetryLater(faults.UNREACHABLE_API, after=5)
        else:
            return
        raise problem

    async def close(self) -> None:
        await self._session.close()


def upload_seconds(size: int) -> float:
    """How long a request with `size` bytes of files may take."""
    return ANSWER_SECONDS + size / SLOWEST_BYTES_PER_SECOND


def _timeout(seconds: float) -> int:
    """The library passes this on to aiohttp untouched, although it calls it an int."""
    return cast("int", ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds)))


def _decoded(content: str) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None


def _no_file(status: int) -> DeliveryError:
    if status == 401:
        return ChannelBroken(faults.TOKEN_REFUSED)
    if status in {403, 404, 410}:
        return Rejected("Telegram no longer has this file.")
    return RetryLater("Telegram does not give the file at the moment.", after=10)
