"""AMI text as events: pure. One event is a dict of its headers, `Timestamp` as seconds."""

from __future__ import annotations

from typing import TypeAlias

AmiEvent: TypeAlias = dict[str, str]

# Asterisk writes this where it knows nothing.
NOTHING = frozenset({"", "<unknown>"})
END = "\r\n\r\n"


def parse(block: str) -> AmiEvent:
    """Headers of one message (without its final empty line); a repeated header keeps its last."""
    event = {}
    for line in block.split("\r\n"):
        key, colon, value = line.partition(": ")
        if colon:
            event[key] = value
    return event


def name_of(block: str) -> str | None:
    """The event's name without parsing the rest; None for answers to actions."""
    if not block.startswith("Event: "):
        return None
    end = block.find("\r\n")
    return block[7:] if end < 0 else block[7:end]


def known(value: str | None) -> str | None:
    """The value, or None where Asterisk wrote that it knows nothing."""
    return None if value is None or value in NOTHING else value


def split(text: str) -> tuple[list[str], str]:
    """Whole messages of a stream's text, and what is left over."""
    *whole, rest = text.split(END)
    return [block for block in whole if block], rest
