"""Short names for the variables of our own scripts, so that their sources may keep long ones. Pure.

Every variable of one name gets the same short name wherever it stands; properties keep theirs
unless they begin with `$`. Constants become variables: nobody assigns to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, product
from string import ascii_lowercase

from channels.webchat.minify import TOKEN

DECLARED = re.compile(
    r"\b(?:const|let) ([\w,]+)[=; ]"  # const a=…; let a,b; const a of …
    r"|\(([\w,]*)\)=>"  # (a,b)=>
    r"|\b(\w+)=>"  # a=>
    r"|\[([\w,]+)\](?:=| of )"  # [a,b]=…
    r"|,(\w+)=(?![=>])"  # let a=1,b=2
    r"|\bcatch\((\w+)\)"
)
WORD = re.compile(r"(?<![\w$])[A-Za-z_$][\w$]*")
INNER = re.compile(r"\$\{([^{}]*)\}")
OBJECT_AFTER = re.compile(r"(?:[(,=:?\[&|]|\b(?:const|let|return)|\.\.\.)$")
OWN = "$"
SHORTER = {"const": "let", "true": "!0", "false": "!1"}
PIECE = re.compile(r"(?P<word>[A-Za-z_$][\w$]*)|(?P<other>\d[\w.]*|.)", re.DOTALL)


def shorten(script: str) -> str:
    """A script (already without comments and needless blanks) with short names of variables."""
    words, declared = WORD.findall(script), _declared(script)
    counts = Counter(word for word in words if word in declared or word.startswith(OWN))
    known = set(words)
    spare = (name for name in _names() if name not in known)
    ranked = sorted(counts, key=lambda word: (-counts[word] * len(word), word))
    return _renamed(script, {word: next(spare) for word in ranked if len(word) > 2})


def _declared(script: str) -> set[str]:
    groups = chain.from_iterable(DECLARED.findall(script))
    words = chain.from_iterable(group.split(",") for group in groups)
    return {word.strip() for word in words} - {""}


def _names() -> Iterator[str]:
    tails = ["", *ascii_lowercase, *ascii_lowercase.upper(), *"0123456789"]
    heads = f"{ascii_lowercase}{ascii_lowercase.upper()}_$"
    return (head + tail for tail, head in product(tails, heads) if head + tail not in {"do", "if"})


def _renamed(script: str, table: dict[str, str]) -> str:
    """Strings and expressions apart: only the latter know variables."""
    writer = Writer(table)
    at = 0
    for found in TOKEN.finditer(script):
        writer.code(script[at : found.start()])
        writer.text(found[0])
        at = found.end()
    writer.code(script[at:])
    return "".join(writer.out)


class Writer:
    """Walks over code and remembers which braces are objects."""

    def __init__(self, table: dict[str, str]) -> None:
        self.out: list[str] = []
        self._table = table
        self._open: list[str] = []

    def text(self, token: str) -> None:
        """A string, a template, a regular expression or a blank."""
        if token.startswith("`"):
            token = INNER.sub(lambda inner: f"${{{_renamed(inner[1], self._table)}}}", token)
        self.out.append(token)

    def code(self, code: str) -> None:
        for found in PIECE.finditer(code):
            if found["word"]:
                self._word(found["word"], code[found.end() : found.end() + 1])
            else:
                self._bracket(found["other"])
                self.out.append(found["other"])

    def _before(self) -> str:
        return "".join(self.out[-4:]).rstrip()

    def _bracket(self, sign: str) -> None:
        if sign in "([":
            self._open.append(sign)
        elif sign == "{":
            self._open.append("object" if OBJECT_AFTER.search(self._before()) else "block")
        elif sign in ")]}":
            self._open.pop()
            if sign == "}" and self.out[-1] == ";":
                self.out.pop()

    def _word(self, word: str, after: str) -> None:
        before = self._before()
        short = SHORTER.get(word) or self._table.get(word)
        property_of = before.endswith(".") and not before.endswith("...")
        if short is None or (property_of and not word.startswith(OWN)):
            self.out.append(word)
            return
        in_object = bool(self._open) and self._open[-1] == "object" and before[-1:] in {"{", ","}
        if in_object and after == ":":
            self.out.append(short if word.startswith(OWN) else word)
        else:
            self.out.append(f"{word}:{short}" if in_object and after in {",", "}", "="} else short)
