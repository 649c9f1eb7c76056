"""Signed names: the visitor's token and the short-lived names of files. Nothing is stored."""

from __future__ import annotations

import re
import secrets as random
from datetime import datetime, timedelta

from crm_core.kernel import secrets

VISITOR = re.compile(r"[0-9a-f]{32}")
# A link lives for one to two of these, and stays the same meanwhile so that browsers cache it.
FILE_LIFE = timedelta(hours=12)


def new_visitor() -> str:
    """A name of 128 random bits; it is the chat's name too."""
    return random.token_hex(16)


def token_of(channel: int, visitor: str) -> str:
    """What the visitor's browser keeps; good for one channel account."""
    return f"{visitor}.{secrets.sign('webchat.visitor', f'{channel}:{visitor}')}"


def visitor_of(channel: int, token: str) -> str | None:
    """The visitor a token names, if it is one of ours."""
    visitor, _, signature = token.partition(".")
    genuine = secrets.verify("webchat.visitor", f"{channel}:{visitor}", signature)
    return visitor if VISITOR.fullmatch(visitor) and genuine else None


def file_name(visitor: str, attachment: int, now: datetime) -> str:
    """The last step of a file's address, for `<img src>` and links."""
    life = int(FILE_LIFE.total_seconds())
    until = (int(now.timestamp()) // life + 2) * life
    signature = secrets.sign("webchat.file", f"{visitor}:{attachment}:{until}")
    return f"{attachment}.{until}.{signature}"


def attachment_of(name: str, now: datetime) -> int | None:
    """The attachment a name asks for, unless it has expired; check `genuine` before serving."""
    parts = name.split(".")
    if len(parts) != 3 or not all(re.fullmatch(r"\d{1,18}", one) for one in parts[:2]):
        return None
    return int(parts[0]) if int(parts[1]) > now.timestamp() else None


def genuine(name: str, visitor: str) -> bool:
    """Whether the name was made for this visitor."""
    attachment, until, signature = name.split(".")
    return secrets.verify("webchat.file", f"{visitor}:{attachment}:{until}", signature)
