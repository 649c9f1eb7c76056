"""Answers that come from no Bot API, and what must never be told to anybody."""

from __future__ import annotations

import traceback

import pytest
from aiohttp import web

from channels.telegram.channel import Channel
from crm_core.dialogs.messages import OutboundPart
from routing.contracts import ChannelBroken, DeliveryError, OutcomeUnknown, Rejected, RetryLater
from sandbox.tokens import CLIENTS_BOT_TOKEN
from tests.channels.telegram.conftest import account
from tests.channels.telegram.doubles import serving

HELLO = OutboundPart(key="k", text="Добрый день")
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
PAGE = "<html>Bad Gateway</html>"


def answering(status: int, text: str = PAGE) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html")


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (502, PAGE, OutcomeUnknown),
        (502, '{"ok":false,"error_code":502,"description":"Bad Gateway"}', OutcomeUnknown),
        (200, PAGE, OutcomeUnknown),
        (200, '{"ok":true,"result":{"strange":1}}', OutcomeUnknown),
        (404, PAGE, ChannelBroken),
        (413, PAGE, Rejected),
    ],
)
async def test_foreign_answers(status: int, text: str, expected: type[DeliveryError]) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return answering(status, text)

    async with serving(answer) as url:
        channel = Channel(account(url))
        with pytest.raises(expected):
            await channel.send("42", HELLO)
        await channel.close()


async def test_an_answer_with_fields_of_the_future_counts_as_sent() -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        chat = {"id": 42, "type": "hologram"}
        message = {"message_id": 7, "chat": chat, "date": "soon"}
        return web.json_response({"ok": True, "result": message})

    async with serving(answer) as url:
        channel = Channel(account(url))
        assert (await channel.send("42", HELLO)).external_ids == ("42:7",)
        await channel.close()


async def test_nobody_listening_is_safe_to_repeat() -> None:
    channel = Channel(account(NOBODY))
    with pytest.raises(RetryLater, match="api_url"):
        await channel.send("42", HELLO)
    await channel.close()


async def test_no_name_is_safe_to_repeat() -> None:
    channel = Channel(account("http://no-such-host.invalid"))
    with pytest.raises(RetryLater):
        await channel.send("42", HELLO)
    await channel.close()


async def test_what_may_be_repeated_is_never_unknown() -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return answering(502)

    async with serving(answer) as url:
        channel = Channel(account(url))
        with pytest.raises(RetryLater):
            await channel.edit("42", "42:7", HELLO)
        await channel.close()


async def _error_of(channel: Channel) -> BaseException:
    try:
        await channel.send("42", HELLO)
    except DeliveryError as error:
        return error
    message = "nothing went wrong"
    raise AssertionError(message)


async def _fetch_error_of(channel: Channel) -> BaseException:
    try:
        async for _ in channel.fetch("AgAC"):
            pass
    except DeliveryError as error:
        return error
    message = "nothing went wrong"
    raise AssertionError(message)


def told(error: BaseException) -> str:
    """All that a log could say about an error, with the values of every frame."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    chain = [repr(error), repr(error.__context__), repr(error.__cause__)]
    return "\n".join([*report.format(), *chain])


async def test_the_token_is_never_told() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "a", "file_path": "p/1"}})
        if request.path.startswith("/file/"):
            return answering(503)
        return answering(404)

    async with serving(answer) as url:
        channel, nowhere = Channel(account(url)), Channel(account(NOBODY))
        reports = [
            told(await _error_of(channel)),
            told(await _error_of(nowhere)),
            told(await _fetch_error_of(channel)),
            told(await _fetch_error_of(nowhere)),
            repr(channel.__dict__),
        ]
        await channel.close()
        await nowhere.close()
    secret = CLIENTS_BOT_TOKEN.partition(":")[2]
    assert not [report for report in reports if secret in report]
