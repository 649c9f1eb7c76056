"""A mail cut into what was written now, the signature, and what it answers to. Pure.

Nothing is lost: `Folded.whole` is the text as it came. Where a person answers between the lines
of the quote, the lines answered to stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.email import attribution, dividers, headerblock, signatures

KEPT_QUOTE = 4
LONGEST = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """`text` is what one reads; `hidden` tells whether `whole` says more."""

    text: str
    whole: str
    signature: str = ""
    quote: str = ""

    @property
    def hidden(self) -> bool:
        return _squeezed(self.text) != _squeezed(self.whole)


def fold(text: str, *, passed_on: bool = False) -> Folded:
    """Cut a plain text. What was `passed_on` (a forward), or is nothing but quote, stays whole."""
    whole = _tidy(text[:LONGEST])
    if passed_on:
        return Folded(text=whole, whole=whole)
    lines = whole.split("\n")
    at, kept = _cut(lines)
    fresh, quote = lines[:at] + kept, lines[at : len(lines) - len(kept)]
    ends = signatures.start(fresh)
    body = _trim(_shorten(fresh[:ends]))
    if not body:
        return Folded(text=whole, whole=whole)
    return Folded(
        text=body,
        whole=whole,
        signature=_trim(fresh[ends:]),
        quote=_trim(quote),
    )


def _tidy(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\0", "")
    plain = plain.replace("\ufeff", "").replace("\u200b", "")
    stripped = "\n".join(line.rstrip() for line in plain.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", stripped).strip("\n")


def _trim(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _cut(lines: list[str]) -> tuple[int, list[str]]:
    """Where the quote begins, and the lines after it that are an answer written below it."""
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if dividers.FORWARDED.match(line):
            break  # what is passed on is what was to be said
        size = _opening(lines, at)
        if not size:
            continue
        quoted = _is_quoted(lines, at + size)
        if not quoted:
            return at, []
        below = _below(lines, at + size)
        if below:
            # Answered between or below the quoted lines: they say to what.
            return at, below if _words(lines[:at]) else _answers(lines, at + size)
        return at, []
    else:
        return _trailing_quote(lines), []
    return len(lines), []


def _opening(lines: list[str], at: int) -> int:
    """How many lines at `at` open a quote."""
    line = lines[at]
    if dividers.DASHED.match(line):
        return 1
    if dividers.LINE.match(line):
        return headerblock.ruled_block(lines, at)
    if block := headerblock.header_block(lines, at):
        return int(block["end"]) - at
    return attribution.attribution(lines, at)


def _words(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def _quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|>"))


def _is_quoted(lines: list[str], at: int) -> bool:
    """Whether what follows is marked line by line."""
    following = [line for line in lines[at:] if line.strip()]
    return bool(following) and _quoted(following[0])


def _below(lines: list[str], at: int) -> list[str]:
    """What stands after the last quoted line, when it is more than a signature."""
    last = max(n for n, line in enumerate(lines) if n >= at and _quoted(line))
    inner = [line for line in lines[at:last] if line.strip() and not _quoted(line)]
    rest = lines[last + 1 :]
    written = rest[: signatures.start(["x", *rest]) - 1]
    if inner and not _wrapped(lines[at : last + 1]):
        return lines[at:]
    return rest if _words(written) else []


def _wrapped(lines: list[str]) -> bool:
    """Quoted lines broken by a mail program: each stray line is short and follows a long one."""
    stray = [n for n, line in enumerate(lines) if line.strip() and not _quoted(line)]
    return all(
        n > 0 and _quoted(lines[n - 1]) and len(lines[n - 1]) > 60 and len(lines[n]) < 30
        for n in stray
    )


def _answers(lines: list[str], at: int) -> list[str]:
    """A mail whose every word stands below or between the quoted lines."""
    first = next(n for n in range(at, len(lines)) if lines[n].strip() and not _quoted(lines[n]))
    inner = any(_quoted(line) for line in lines[first:])
    return lines[at:] if inner else lines[first:]


def _shorten(lines: list[str]) -> list[str]:
    """Long quotes between answers keep their last lines."""
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if _quoted(line):
            run.append(line)
            continue
        kept += run if len(run) <= KEPT_QUOTE else ["> […]", *run[-KEPT_QUOTE:]]
        run = []
        kept.append(line)
    return kept[:-1]


def _trailing_quote(lines: list[str]) -> int:
    """Where a quote without any opening begins: marked lines down to the end."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or _quoted(lines[at - 1])):
        at -= 1
    return at
