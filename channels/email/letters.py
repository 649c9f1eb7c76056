"""A mail on its way in: as the server gave it, and as the hub takes it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.email import authresults
from channels.email.config import Config

Digest = Callable[[bytes, frozenset[str]], dict[str, Any]]
CUT_TO = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mail lies: folder and its UIDVALIDITY (None over POP3), `sent` when it is Sent."""

    folder: str = ""
    uidvalidity: int | None = None
    sent: bool = False

    def key(self, uid: str) -> str:
        """The key of the raw event: unique per mailbox, the same at every collection."""
        if self.uidvalidity is None:
            return f"pop3:{uid}"
        return f"{self.uidvalidity}:{uid}:{self.folder}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as the server gave it. `size` in bytes of the whole mail, of which `raw` holds only
    the beginning when `cut`; `received` by the server's clock."""

    uid: str
    raw: bytes
    size: int
    received: datetime | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A letter with what it says: `digest`, or `fault` when it could not be read; `sha` names its
    bytes in the content store."""

    letter: Letter
    sha: str
    digest: dict[str, Any] | None
    fault: str = ""


def read(letter: Letter, sha: str, digest: Digest, own: frozenset[str]) -> Read:
    """Understand a letter; one that breaks the reader is kept with its fault."""
    try:
        return Read(letter=letter, sha=sha, digest=digest(letter.raw, own))
    except Exception as error:  # noqa: BLE001 - a stranger's mail must not stop the mailbox
        fault = f"{type(error).__name__}: {error}"[:500]
        return Read(letter=letter, sha=sha, digest=None, fault=fault)


def body(read: Read, place: Place, config: Config) -> dict[str, Any]:
    """What the intake stores."""
    letter = read.letter
    found = {
        "mailbox": config.address,
        "own": sorted(config.own),
        "owner": config.owner,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": letter.uid,
        "sent": place.sent,
        "received": letter.received.astimezone(UTC).isoformat() if letter.received else None,
        "raw": read.sha,
        "size": letter.size,
        "cut": letter.cut,
    }
    if read.digest is None:
        eml = base64.b64encode(letter.raw[:CUT_TO]).decode()
        return found | {"fault": read.fault, "eml": eml}
    forged = authresults.is_forged(read.digest.get("auth", ()), config.authserv_id)
    return found | {"digest": read.digest} | ({"forged": True} if forged else {})


def skipped(key: str, config: Config, reason: str) -> dict[str, Any]:
    """What is stored about a mail that is not wanted, so that it is not looked at again."""
    return {"mailbox": config.address, "uid": key, "skipped": reason}
