"""parse_mode HTML: Telegram's own small dialect, with the errors of the official server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.botapi.entities.links import link_entity
from sandbox.botapi.entities.units import Entity, byte_offset, utf16_length
from sandbox.botapi.errors import ApiError, bad_request

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    piece: int
    language: str = ""


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def run(self) -> None:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "<":
                self._close() if self.source.startswith("</", self.at) else self._open()
                continue
            reference = _reference(self.source, self.at) if char == "&" else None
            text, self.at = reference or (char, self.at + 1)
            self.pieces.append(text)
            self.offset += utf16_length(text)
        if self.stack:
            tag = self.stack[-1].tag
            raise parse_error(f'Can\'t find end tag corresponding to start tag "{tag}"')

    def _open(self) -> None:
        begin = self.at
        self._skip("<")
        name = self._match(_TAG_NAME).lower()
        if self.at >= len(self.source):
            raise self._fail("Unclosed start tag", begin)
        if name not in _TYPES:
            raise self._fail(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.stack.append(_Open(name, attributes, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._match(_SPACE)
            if self._peek() == ">":
                self._skip(">")
                return attributes
            name = self._match(_ATTRIBUTE_NAME)
            if not name:
                raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            self._match(_SPACE)
            if self._peek() == "=":
                self._skip("=")
                attributes[name] = self._value(begin)
            else:
                attributes[name] = ""
            if self.at >= len(self.source):
                raise self._fail(f'Unclosed start tag "{tag}"', begin)

    def _value(self, begin: int) -> str:
        self._match(_SPACE)
        quote = self._peek()
        if quote not in ("'", '"'):
            token_begin = self.at
            token = self._match(_TOKEN).lower()
            if not self._peek().isspace() and self._peek() != ">":
                raise self._fail("Unexpected end of name token", token_begin)
            return token
        self._skip(quote)
        value = []
        while self._peek() not in ("", quote):
            reference = _reference(self.source, self.at) if self._peek() == "&" else None
            text, self.at = reference or (self._peek(), self.at + 1)
            value.append(text)
        self._skip(quote)
        if self.at >= len(self.source):
            raise self._fail("Unclosed start tag", begin)
        return "".join(value)

    def _close(self) -> None:
        begin = self.at
        if not self.stack:
            raise self._fail("Unexpected end tag", begin)
        self._skip("</")
        name = self._match(_TAG_NAME).lower()
        self._match(_SPACE)
        if self._peek() != ">":
            raise self._fail("Unclosed end tag", begin)
        self._skip(">")
        opened = self.stack[-1]
        if name and name != opened.tag:
            message = f"Unmatched end tag at byte offset {byte_offset(self.source, begin)}"
            raise parse_error(f'{message}, expected "</{opened.tag}>", found "</{name}>"')
        self.stack.pop()
        if self.offset > opened.offset:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        place = {"offset": opened.offset, "length": self.offset - opened.offset}
        attributes = opened.attributes
        if opened.tag == "a":
            link = link_entity(attributes.get("href") or "".join(self.pieces[opened.piece :]))
            if link:
                self.found.append(link | place)
        elif opened.tag == "tg-emoji":
            if not attributes.get("emoji-id", "").isdigit():
                raise bad_request("Invalid custom emoji identifier specified")
            emoji = {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
            self.found.append(emoji | place)
        elif opened.tag in ("pre", "code"):
            self._add_code(opened.tag, attributes.get("class", ""), place)
        else:
            kind = _TYPES[opened.tag]
            if kind == "blockquote" and "expandable" in attributes:
                kind = "expandable_blockquote"
            self.found.append({"type": kind} | place)

    def _add_code(self, tag: str, css_class: str, place: dict[str, int]) -> None:
        """A `code` with a language exactly inside a `pre` (or around it) makes one `pre`."""
        language = css_class.removeprefix("language-") if css_class.startswith("language-") else ""
        last = self.found[-1] if self.found else {}
        same_place = {key: last.get(key) for key in place} == place
        if tag == "pre" and same_place and last.get("type") == "code" and last.get("_language"):
            last.update(type="pre", language=last["_language"])
        elif tag == "code" and same_place and last.get("type") == "pre" and language:
            last["language"] = language
        else:
            self.found.append({"type": tag, "_language": language} | place)

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _skip(self, text: str) -> None:
        if self.source.startswith(text, self.at):
            self.at += len(text)

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        text = found[0] if found else ""
        self.at += len(text)
        return text

    def _fail(self, text: str, index: int) -> ApiError:
        return parse_error(f"{text} at byte offset {byte_offset(self.source, index)}")


def parse_error(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


def _reference(source: str, at: int) -> tuple[str, int] | None:
    """The character a reference at `at` stands for, and where it ends; None for a plain `&`."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return (_NAMED[name], match.end()) if name in _NAMED else None
    digits, base = (hexadecimal, 16) if hexadecimal is not None else (decimal, 10)
    code = int(digits or "0", base)
    if not 0 < code < 0x10FFFF or len(match[0].rstrip(";")) >= 10:
        return None
    if 0xD800 <= code <= 0xDFFF:
        raise parse_error(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code), match.end()


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text without markup and its entities; ApiError 400 says what is wrong and where."""
    parser = _Parser(source)
    parser.run()
    for entity in parser.found:
        entity.pop("_language", None)
    return "".join(parser.pieces), parser.found
