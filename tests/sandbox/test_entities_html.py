"""HTML parse mode: entities in UTF-16 units, errors in the official words."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.botapi.entities import format_text
from sandbox.botapi.errors import ApiError


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length} | more


GOOD = [
    (
        "<b>a</b> <i>b</i> <u>c</u> <s>d</s>",
        "a b c d",
        [("bold", 0), ("italic", 2), ("underline", 4), ("strikethrough", 6)],
    ),
    (
        "<STRONG>a</STRONG><em>b</em><ins>c</ins><del>d</del>",
        "abcd",
        [("bold", 0), ("italic", 1), ("underline", 2), ("strikethrough", 3)],
    ),
    (
        "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>",
        "ab",
        [("spoiler", 0), ("spoiler", 1)],
    ),
    ("<code>a</code>", "a", [("code", 0)]),
    ("<pre>a</pre>", "a", [("pre", 0)]),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0)]),
    ("<b>a</>", "a", [("bold", 0)]),
    ("<b></b>x", "x", []),
]


@pytest.mark.parametrize(("source", "text", "kinds"), GOOD)
def test_tags(source: str, text: str, kinds: list[tuple[str, int]]) -> None:
    result = format_text(source, "HTML", None)
    assert result.text == text
    assert [(each["type"], each["offset"]) for each in result.entities] == kinds


def test_nesting_puts_the_longer_first() -> None:
    result = format_text("<b>a<i>b</i></b>", "html", None)
    assert result.entities == [entity("bold", 0, 2), entity("italic", 1, 1)]


def test_offsets_count_utf16_units() -> None:
    result = format_text("😀<b>я😀</b>", "HTML", None)
    assert result.entities == [entity("bold", 2, 3)]


def test_code_with_a_language_is_one_pre() -> None:
    result = format_text('<pre><code class="language-python">x</code></pre>', "HTML", None)
    assert result.entities == [entity("pre", 0, 1, language="python")]


def test_references() -> None:
    result = format_text("&lt;a&gt; &amp;amp; &quot; &#1103; &#x44F; &nbsp; & &copy;", "HTML", None)
    assert result.text == '<a> &amp; " я я &nbsp; & &copy;'


def test_links() -> None:
    result = format_text(
        '<a href="example.com">a</a><a href="https://x.ru/p?a=1&amp;b=2">b</a><a href="bad">c</a>',
        "HTML",
        None,
    )
    assert result.entities == [
        entity("text_link", 0, 1, url="http://example.com/"),
        entity("text_link", 1, 1, url="https://x.ru/p?a=1&b=2"),
    ]


def test_mention_by_id() -> None:
    result = format_text('<a href="tg://user?id=42">Anna</a>', "HTML", None)
    assert result.entities == [entity("text_mention", 0, 4, user={"id": 42})]


def test_custom_emoji() -> None:
    result = format_text('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "HTML", None)
    assert result.entities == [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")]


BAD = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("я<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("я <br>", 'Unsupported start tag "br" at byte offset 3'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a =1>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    (
        "&#xd83d;",
        "Text contains invalid Unicode characters after decoding HTML entities, "
        "check for unmatched surrogate code units",
    ),
]


@pytest.mark.parametrize(("source", "message"), BAD)
def test_errors(source: str, message: str) -> None:
    with pytest.raises(ApiError) as error:
        format_text(source, "HTML", None)
    assert error.value.code == 400
    assert error.value.description == f"Bad Request: can't parse entities: {message}"


def test_unknown_parse_mode() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        format_text("x", "BBCode", None)


def test_legacy_markdown_is_not_pretended() -> None:
    with pytest.raises(ApiError, match="not emulated: parse_mode Markdown") as error:
        format_text("x", "Markdown", None)
    assert error.value.code == 501
