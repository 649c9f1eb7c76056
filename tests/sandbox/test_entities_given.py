"""Entities given by the caller, trimming, entities found by the server."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.botapi.entities import format_text
from sandbox.botapi.errors import ApiError


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


BAD = [
    (bold(5, 1), "entity begins after the end of the text at UTF-16 offset 5"),
    (
        bold(1, 9),
        "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
    ),
    (bold(2, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 5"),
    (
        bold(0, 2),
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5",
    ),
    (bold(-1, 2), "receive an entity with incorrect offset -1"),
    (bold(0, -2), "receive an entity with incorrect length -2"),
]


@pytest.mark.parametrize(("given", "message"), BAD)
def test_entities_that_do_not_fit(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError) as error:
        format_text("a😀b", None, [given])
    assert error.value.description == f"Bad Request: {message}"


def test_whitespace_is_trimmed_and_entities_follow() -> None:
    result = format_text("  \n ab  ", None, [bold(4, 4)])
    assert result.text == "ab"
    assert result.entities == [bold(0, 2)]


def test_carriage_returns_vanish() -> None:
    result = format_text("a\r\nb", None, [bold(3, 1)])
    assert result.text == "a\nb"
    assert result.entities == [bold(2, 1)]


def test_found_entities() -> None:
    text = "/start@shop_bot see https://x.ru/a, mail me@x.ru or @anna #тег shop.ru"
    found = [
        (e["type"], text[e["offset"] : e["offset"] + e["length"]])
        for e in format_text(text, None, None).entities
    ]
    assert found == [
        ("bot_command", "/start@shop_bot"),
        ("url", "https://x.ru/a"),
        ("email", "me@x.ru"),
        ("mention", "@anna"),
        ("hashtag", "#тег"),
        ("url", "shop.ru"),
    ]


def test_nothing_is_found_in_code() -> None:
    result = format_text("<code>/start x.ru</code>", "HTML", None)
    assert [each["type"] for each in result.entities] == ["code"]
