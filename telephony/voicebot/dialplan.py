"""What the dialplan asks the bot over HTTP: `GET /call?…` announces a call and gets its UUID,
`GET /next?…` learns where the caller goes on; a bot that is away lets the dialplan decide."""

from __future__ import annotations

import asyncio
import hmac
import re
import uuid
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from telephony.voicebot.incoming import Incoming, Reason

LONGEST = 4096  # bytes of a request
KEPT = 1000  # announced or decided calls remembered; more are a fault or an attack
T = TypeVar("T")
PLACE = re.compile(r"[A-Za-z0-9_:&+*#-]{1,64}")


class Desk:
    """Announced calls by UUID, and what was decided for those that are over."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._announced: dict[str, Incoming] = {}
        self._decided: dict[str, str] = {}

    def take(self, call: str) -> Incoming | None:
        """The announced call, once."""
        return self._announced.pop(call, None)

    def decide(self, call: str, place: str) -> None:
        """Where the caller goes on: `hangup`, or a place as the dialplan knows it."""
        if PLACE.fullmatch(place):
            _keep(self._decided, call, place)

    async def question(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request whose first byte was read already."""
        head = await reader.readuntil(b"\r\n\r\n")
        status, body = self.answer(head.split(b" ", 2)[1].decode("ascii", "replace"))
        text = body.encode()
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + text
        )
        await writer.drain()

    def answer(self, target: str) -> tuple[str, str]:
        """Status line and body for a request's target."""
        url = urlsplit(target)
        asked = {name: values[0].strip() for name, values in parse_qs(url.query).items()}
        if not hmac.compare_digest(asked.get("key", "").encode(), self._key.encode()):
            return "403 Forbidden", ""
        if url.path.endswith("/call"):
            return "200 OK", self._announce(asked)
        if url.path.endswith("/next"):
            return "200 OK", self._decided.pop(asked.get("id", ""), "")
        return "404 Not Found", ""

    def _announce(self, asked: dict[str, str]) -> str:
        call = str(uuid.uuid4())
        _keep(self._announced, call, incoming_of(call, asked))
        return call


def incoming_of(call: str, told: dict[str, str]) -> Incoming:
    """A call from what a PBX tells of it, cut to sane lengths."""
    reason = told.get("reason", "")
    return Incoming(
        id=call,
        number=told.get("caller", "")[:32],
        name=told.get("name", "")[:80],
        dialled=told.get("did", "")[:32],
        reason=Reason(reason) if reason in set(Reason) else Reason.ANY,
        ref=told.get("ref", "")[:80],
    )


def _keep(place: dict[str, T], call: str, value: T) -> None:
    place[call] = value
    while len(place) > KEPT:
        del place[next(iter(place))]
