"""MarkdownV2 parse mode."""

from __future__ import annotations

import pytest

from sandbox.botapi.entities import format_text
from sandbox.botapi.errors import ApiError

GOOD = [
    (
        "*b* _i_ __u__ ~s~ ||sp|| `c`",
        "b i u s sp c",
        ["bold", "italic", "underline", "strikethrough", "spoiler", "code"],
    ),
    ("*a _b_*", "a b", ["bold", "italic"]),
    ("\\*x\\_ 1\\.", "*x_ 1.", []),
    ("```py\nx = 1\n```", "x = 1", ["pre"]),
    (">one\n>two\nafter", "one\ntwo\nafter", ["blockquote"]),
    (">one\n>two||", "one\ntwo", ["expandable_blockquote"]),
    ("`a*b`", "a*b", ["code"]),
]


@pytest.mark.parametrize(("source", "text", "kinds"), GOOD)
def test_marks(source: str, text: str, kinds: list[str]) -> None:
    result = format_text(source, "MarkdownV2", None)
    assert result.text == text
    assert [each["type"] for each in result.entities] == kinds


def test_link_with_escaped_bracket() -> None:
    result = format_text("[t](https://x.ru/a\\)b)", "MarkdownV2", None)
    assert result.entities == [
        {"type": "text_link", "url": "https://x.ru/a)b", "offset": 0, "length": 1}
    ]


def test_language_of_pre() -> None:
    (only,) = format_text("```py\nx```", "MarkdownV2", None).entities
    assert only == {"type": "pre", "language": "py", "offset": 0, "length": 1}


def test_custom_emoji() -> None:
    (only,) = format_text("![👍](tg://emoji?id=536)", "MarkdownV2", None).entities
    assert only == {"type": "custom_emoji", "custom_emoji_id": "536", "offset": 0, "length": 2}


BAD = [
    ("1.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    ("я*b", "Can't find end of Bold entity at byte offset 2"),
    ("a ||b", "Can't find end of Spoiler entity at byte offset 2"),
    ("[a](http://x", "Can't find end of a URL at byte offset 4"),
    ("![a]", "The entity must contain a tg://emoji or tg://time URL"),
]


@pytest.mark.parametrize(("source", "message"), BAD)
def test_errors(source: str, message: str) -> None:
    with pytest.raises(ApiError) as error:
        format_text(source, "MarkdownV2", None)
    assert error.value.description == f"Bad Request: can't parse entities: {message}"
