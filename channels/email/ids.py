"""Message-IDs as the hub's external ids, and the ones we give to our own mail. Pure."""

from __future__ import annotations

import hashlib

LONGEST = 160


def external(message_id: str) -> str:
    """A Message-ID as an external id: without `<>` and white space, at most 160 characters."""
    bare = "".join(message_id.split()).removeprefix("<").removesuffix(">")
    if len(bare) <= LONGEST:
        return bare
    return f"{bare[:100]}~{hashlib.sha256(bare.encode()).hexdigest()[:40]}"


def message_id(channel_id: int, key: str, address: str) -> str:
    """The Message-ID of one outgoing part, `<…@domain>`: the same whenever it is sent again."""
    domain = address.rpartition("@")[2].lower() or "localhost"
    token = hashlib.sha256(f"{channel_id}:{key}:{address.lower()}".encode()).hexdigest()[:24]
    return f"<pult.{channel_id}.{token}@{domain}>"


def ours(found: str, channel_id: int | None = None) -> bool:
    """Whether a Message-ID (with or without `<>`) was given by `message_id`."""
    kind, _, rest = external(found).partition(".")
    number, _, token = rest.partition("@")[0].partition(".")
    fits = channel_id is None or number == str(channel_id)
    return kind == "pult" and number.isdecimal() and len(token) == 24 and fits
