"""Requests as any HTTP client may write them: query, form, JSON, multipart; strictness."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from sandbox.botapi.context import HANDLERS, Context
from sandbox.tokens import CLIENTS_BOT_TOKEN
from tests.sandbox.conftest import Shop

MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


async def call(
    shop: Shop, http: aiohttp.ClientSession, method: str, **how: Any
) -> tuple[int, dict[str, Any]]:
    url = f"{shop.url}/bot{CLIENTS_BOT_TOKEN}/{method}"
    async with http.request(how.pop("verb", "POST"), url, **how) as answer:
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()


async def test_four_ways_to_say_the_same(shop: Shop, http: aiohttp.ClientSession) -> None:
    plain = {"chat_id": str(shop.chat_id), "text": "x", "disable_notification": "true"}
    form = plain | {"reply_markup": json.dumps(MARKUP)}
    typed = {"chat_id": shop.chat_id, "text": "x", "disable_notification": True}
    multipart = aiohttp.FormData(form, default_to_multipart=True)
    answers = [
        await call(shop, http, "sendMessage", verb="GET", params=form),
        await call(shop, http, "SENDMESSAGE", data=form),
        await call(shop, http, "sendMessage", json=typed | {"reply_markup": MARKUP}),
        await call(shop, http, "sendMessage", data=multipart),
    ]
    assert [status for status, _ in answers] == [200] * 4
    shown = [each.pop("message_id") and each for each in (body["result"] for _, body in answers)]
    assert all(each == shown[0] for each in shown)
    assert shown[0]["reply_markup"] == MARKUP
    assert all(each.silent for each in shop.anna.received())


async def test_upload_by_parameter_name(shop: Shop, http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData({"chat_id": str(shop.chat_id)})
    form.add_field("document", b"data", filename="a.txt", content_type="text/plain")
    status, body = await call(shop, http, "sendDocument", data=form)
    assert status == 200
    assert body["result"]["document"]["file_name"] == "a.txt"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 1, "text": "x", "colour": "red"}, "Bad Request: unknown parameter colour"),
        (
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "a", "url": "http://x.ru", "size": 1}]]
                },
            },
            "Bad Request: unknown parameter reply_markup.inline_keyboard.size",
        ),
        (
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "Bad Request: can't parse reply_markup JSON object",
        ),
        (
            {"chat_id": 1, "text": "x", "disable_notification": "maybe"},
            "Bad Request: parameter disable_notification must be a Boolean, not 'maybe'",
        ),
    ],
)
async def test_refusals(
    shop: Shop, http: aiohttp.ClientSession, params: dict[str, Any], message: str
) -> None:
    status, body = await call(shop, http, "sendMessage", json=params)
    assert (status, body) == (400, {"ok": False, "error_code": 400, "description": message})


async def test_missing_parameters_are_named(shop: Shop, http: aiohttp.ClientSession) -> None:
    cases = [
        ("sendPhoto", "there is no photo in the request"),
        ("deleteMessage", "message identifier is not specified"),
        ("getFile", "file_id not specified"),
        ("createForumTopic", 'parameter "name" is required'),
    ]
    for method, message in cases:
        _, body = await call(shop, http, method, json={"chat_id": shop.chat_id})
        assert body["description"] in (
            f"Bad Request: {message}",
            "Bad Request: unknown parameter chat_id",
        )


async def test_unknown_method_token_and_path(shop: Shop, http: aiohttp.ClientSession) -> None:
    status, body = await call(shop, http, "sendMesage")
    assert (status, body["description"]) == (404, "Not Found: method not found")
    async with http.get(f"{shop.url}/bot123:nobody/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    async with http.get(f"{shop.url}/elsewhere") as answer:
        assert answer.status == 404


async def test_broken_bodies(shop: Shop, http: aiohttp.ClientSession) -> None:
    for data, kind in (
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"x", "text/plain"),
    ):
        status, _ = await call(shop, http, "getMe", data=data, headers={"Content-Type": kind})
        assert status == 400


async def test_attach_without_a_file(shop: Shop, http: aiohttp.ClientSession) -> None:
    params = {"chat_id": shop.chat_id, "document": "attach://nothing"}
    _, body = await call(shop, http, "sendDocument", json=params)
    assert body["description"] == "Bad Request: there is no file attach://nothing in the request"


async def test_a_broken_method_is_recorded(
    shop: Shop, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Context) -> None:
        raise KeyError("lost")

    monkeypatch.setitem(HANDLERS, "getme", broken)
    async with http.get(f"{shop.url}/bot{CLIENTS_BOT_TOKEN}/getMe") as answer:
        assert answer.status == 500
    assert shop.world.violations == ["getMe broke: KeyError('lost')"]
    shop.world.violations.clear()


async def test_wrong_reply_would_be_noticed(shop: Shop, http: aiohttp.ClientSession) -> None:
    shop.account.user.first_name = None  # type: ignore[assignment]  # breaks the reply on purpose
    status, body = await call(shop, http, "getMe")
    assert status == 500
    assert "sandbox reply is wrong" in body["description"]
    assert len(shop.world.violations) == 1
    shop.world.violations.clear()
    shop.world.calls.clear()
