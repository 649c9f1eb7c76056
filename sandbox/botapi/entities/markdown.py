"""parse_mode MarkdownV2, with the errors of the official server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.botapi.entities.html import parse_error
from sandbox.botapi.entities.links import link_entity
from sandbox.botapi.entities.units import Entity, byte_offset, utf16_length
from sandbox.botapi.errors import ApiError

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_OPENING = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
_CLOSING = {kind: mark for mark, kind in _OPENING.items()} | {"text_link": "]", "custom_emoji": "]"}
_NAMES = {
    "pre": "Pre",
    "underline": "Underline",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}
_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_NEWLINE = re.compile(r"\r\n|\n\r|\n|\r")


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    begin: int
    piece: int
    language: str = ""


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    offset: int = 0
    line_start: bool = True
    pieces: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def run(self) -> None:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "\\" and "\0" < self.source[self.at + 1 : self.at + 2] <= "~":
                self.at += 1
                self._emit(self.source[self.at])
            elif char not in _RESERVED or (self._in_code() and char != "`"):
                self._emit(char)
            elif char == "\n":
                self._newline()
            elif self._closes():
                self._close()
            else:
                self._open()
        if self._quote():
            self._end_quote()
        if self.stack:
            raise self._unclosed()

    def _emit(self, char: str) -> None:
        self.pieces.append(char)
        self.offset += utf16_length(char)
        self.at += 1
        if char != "\r":
            self.line_start = char == "\n"

    def _in_code(self) -> bool:
        return bool(self.stack) and self.stack[-1].kind in ("code", "pre")

    def _quote(self) -> bool:
        return any(opened.kind == "blockquote" for opened in self.stack)

    def _newline(self) -> None:
        quote_ends = self._quote() and not self.source.startswith(">", self.at + 1)
        if quote_ends:
            opened = self._pop_quote()
            self._emit("\n")
            self._add({"type": opened.kind}, opened)
        else:
            self._emit("\n")

    def _end_quote(self) -> None:
        opened = self._pop_quote()
        if self.offset > opened.offset:
            self._add({"type": opened.kind}, opened)

    def _pop_quote(self) -> _Open:
        """Take the quote off the stack; a `||` just opened at its end makes it expandable."""
        expandable = self.stack[-1].kind == "spoiler" and self.stack[-1].begin == self.at - 2
        if expandable:
            self.stack.pop()
        if self.stack[-1].kind != "blockquote":
            raise self._unclosed()
        opened = self.stack.pop()
        if expandable:
            opened.kind = "expandable_blockquote"
        return opened

    def _closes(self) -> bool:
        if not self.stack or self.stack[-1].kind == "blockquote":
            return False
        kind = self.stack[-1].kind
        if kind == "italic" and self.source.startswith("__", self.at):
            return False
        return self.source.startswith(_CLOSING[kind], self.at)

    def _open(self) -> None:
        char = self.source[self.at]
        if char == ">" and self.line_start:
            if not self._quote():
                self._push("blockquote", 1)
            else:
                self.at += 1
            return
        mark = next((each for each in _OPENING if self.source.startswith(each, self.at)), None)
        if mark is None or self._in_code():
            raise parse_error(
                f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
            )
        self._push(_OPENING[mark], len(mark))
        if mark == "```":
            self._pre_head()

    def _push(self, kind: str, width: int) -> None:
        self.stack.append(_Open(kind, self.offset, self.at, len(self.pieces)))
        self.at += width
        self.line_start = False

    def _pre_head(self) -> None:
        language = _LANGUAGE.match(self.source, self.at)
        if language:
            self.stack[-1].language = language[1]
            self.at = language.end()
        newline = _NEWLINE.match(self.source, self.at)
        if newline:
            self.at = newline.end()

    def _close(self) -> None:
        opened = self.stack.pop()
        self.at += len(_CLOSING[opened.kind])
        entity: Entity | None = {"type": opened.kind}
        if opened.kind == "text_link":
            target = self._target()
            entity = link_entity("".join(self.pieces[opened.piece :]) if target is None else target)
        elif opened.kind == "custom_emoji":
            entity = self._emoji()
        elif opened.language:
            entity = {"type": "pre", "language": opened.language}
        if entity and self.offset > opened.offset:
            self._add(entity, opened)

    def _target(self) -> str | None:
        """The `(...)` after a link's text; None when there is none."""
        if not self.source.startswith("(", self.at):
            return None
        begin = self.at + 1
        match = re.compile(r"((?:\\[\x01-\x7e]|[^)])*)\)").match(self.source, begin)
        if match is None:
            raise self._fail("Can't find end of a URL", begin)
        self.at = match.end()
        return re.sub(r"\\([\x01-\x7e])", r"\1", match[1])

    def _emoji(self) -> Entity:
        target = self._target()
        if target is None:
            raise parse_error("The entity must contain a tg://emoji or tg://time URL")
        number = re.fullmatch(r"tg://emoji\?id=(\d+)", target)
        if number is None:
            raise parse_error("Invalid tg://emoji or tg://time URL specified")
        return {"type": "custom_emoji", "custom_emoji_id": number[1]}

    def _add(self, entity: Entity, opened: _Open) -> None:
        place = {"offset": opened.offset, "length": self.offset - opened.offset}
        self.found.append(entity | place)

    def _unclosed(self) -> ApiError:
        opened = self.stack[-1]
        name = "PreCode" if opened.language else _NAMES[opened.kind]
        return self._fail(f"Can't find end of {name} entity", opened.begin)

    def _fail(self, text: str, index: int) -> ApiError:
        return parse_error(f"{text} at byte offset {byte_offset(self.source, index)}")


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Text without markup and its entities; ApiError 400 says what is wrong and where."""
    parser = _Parser(source)
    parser.run()
    return "".join(parser.pieces), parser.found
