"""A small squeeze for our own scripts and styles: comments and needless blanks go. Pure.

Knows the JavaScript we write (every statement ends in a semicolon or a brace), not all there is.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<note>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<regex>(?<=[(,=:!&|?{};])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*)"""
    r"""|(?P<blank>\s+)""",
    re.DOTALL | re.VERBOSE,
)
WORD = re.compile(r"[\w$]")
LONE = re.compile(r"(?<![\w$])\((\w+)\)=>")
CSS_NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_AROUND = re.compile(r"\s*([{};,>])\s*")


def script(source: str) -> str:
    """JavaScript without comments and blanks that separate nothing."""
    out: list[str] = []
    at = 0
    for found in TOKEN.finditer(source):
        out.append(source[at : found.start()])
        at = found.end()
        if found.lastgroup in {"kept", "regex"}:
            out.append(found[0].strip())
        elif found.lastgroup == "blank" and _separates(out, source[at : at + 1]):
            out.append(" ")
    out.append(source[at:])
    return LONE.sub(r"\1=>", "".join(out))


def _separates(before: list[str], after: str) -> bool:
    """Whether a blank between these two keeps words, or signs, apart."""
    last = next((part[-1] for part in reversed(before) if part), "")
    words = WORD.match(last) and WORD.match(after)
    return bool(words) or (last == after and after in {"+", "-", "/"})


def style(source: str) -> str:
    """CSS without comments and blanks that mean nothing."""
    flat = " ".join(CSS_NOTE.sub("", source).split())
    return CSS_AROUND.sub(r"\1", flat).replace(";}", "}").replace(": ", ":")
