"""What the receiving server found out about a sender (RFC 8601: Authentication-Results). Pure.

Anybody may write such a header into a mail: only that of one's own server is believed, the
topmost, which it has put above all that came with the mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.message import Message

from channels.email import headers

HEADER = "Authentication-Results"
MOST = 10
COMMENT = re.compile(r"\([^()]*\)")
QUOTED = re.compile(r'"[^"]*"')
DMARC = re.compile(r"(?:^|;)\s*dmarc\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)


def read(message: Message) -> list[dict[str, str]]:
    """`[{"by": server, "dmarc": result}]`, the topmost first; result empty when not looked at."""
    found = [str(one) for one in message.get_all(HEADER) or []][:MOST]
    return [_one(headers.plain(" ".join(one.split()))) for one in found]


def _one(value: str) -> dict[str, str]:
    bare = QUOTED.sub('""', value)
    while (shorter := COMMENT.sub(" ", bare)) != bare:
        bare = shorter
    server, _semicolon, results = bare.partition(";")
    match = DMARC.search(results)
    name = server.split()[0].lower() if server.split() else ""
    return {"by": name, "dmarc": match[1].lower() if match else ""}


def is_forged(found: Sequence[Mapping[str, str]], server: str) -> bool:
    """Whether our own server (as it names itself) says that the sender's domain denies the mail."""
    name = server.strip().lower()
    ours = next((one for one in found if name and one["by"] == name), None)
    return ours is not None and ours["dmarc"] == "fail"
