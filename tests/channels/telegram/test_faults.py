"""Every refusal of the Bot API means one thing to the hub."""

from __future__ import annotations

from typing import Any

import pytest

from channels.telegram import faults
from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

ANSWERS: list[tuple[int, str, type[DeliveryError]]] = [
    (400, "Bad Request: chat not found", RecipientUnreachable),
    (400, "Bad Request: PEER_ID_INVALID", RecipientUnreachable),
    (400, "Bad Request: not enough rights to send text messages to the chat", RecipientUnreachable),
    (400, "Bad Request: message is too long", Rejected),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", Rejected),
    (400, "Bad Request: message is not modified: …", faults.NotModified),
    (401, "Unauthorized", ChannelBroken),
    (403, "Forbidden: bot was blocked by the user", RecipientUnreachable),
    (403, "Forbidden: user is deactivated", RecipientUnreachable),
    (403, "Forbidden: something new", RecipientUnreachable),
    (404, "Not Found", ChannelBroken),
    (404, "Not Found: method not found", Rejected),
    (409, "Conflict: terminated by other getUpdates request", RetryLater),
    (413, "Request Entity Too Large", Rejected),
    (429, "Too Many Requests: retry after 7", RetryLater),
    (500, "Internal Server Error: restart", RetryLater),
    (502, "Bad Gateway", OutcomeUnknown),
    (503, "Service Unavailable", RetryLater),
    (504, "Gateway Timeout", OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "description", "expected"), ANSWERS)
def test_refusals(status: int, description: str, expected: type[DeliveryError]) -> None:
    answer = {"ok": False, "error_code": status, "description": description}
    assert type(faults.refusal(status, answer, group=False)) is expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500])
def test_a_refusal_without_words_is_understood(status: int) -> None:
    assert str(faults.refusal(status, {"ok": False}, group=False))


def test_waiting_is_as_long_as_telegram_asks() -> None:
    answer: dict[str, Any] = {"ok": False, "parameters": {"retry_after": 7}}
    waiting = faults.refusal(429, answer, group=True)
    assert isinstance(waiting, RetryLater)
    assert (waiting.after, waiting.chat_only) == (7, True)
    alone = faults.refusal(429, answer, group=False)
    assert isinstance(alone, RetryLater)
    assert not alone.chat_only


def test_a_moved_chat_tells_where_to() -> None:
    answer = {
        "ok": False,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1001},
    }
    moved = faults.refusal(400, answer, group=True)
    assert isinstance(moved, ChatMoved)
    assert moved.new_chat == "-1001"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, OutcomeUnknown), (413, Rejected), (404, ChannelBroken), (502, OutcomeUnknown)],
)
def test_answers_that_are_not_telegrams(status: int, expected: type[DeliveryError]) -> None:
    assert type(faults.foreign(status)) is expected
