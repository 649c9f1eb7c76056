"""SIP as much as a phone on this machine needs: messages, digest, templates. Pure."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass


def token(size: int = 8) -> str:
    return os.urandom(size).hex()


@dataclass(frozen=True)
class Message:
    """A request or an answer (`code`); header names in lower case, first value wins."""

    start: str
    headers: dict[str, str]
    vias: tuple[str, ...]
    body: str

    @property
    def code(self) -> int:
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return "" if self.code else self.start.split()[0]

    @property
    def turn(self) -> tuple[str, str]:
        """(Call-ID, CSeq): what an answer belongs to."""
        return self.headers.get("call-id", ""), self.headers.get("cseq", "")

    def uri(self, name: str) -> str:
        found = re.search(r"<([^>]+)>", self.headers.get(name, ""))
        return found[1] if found else self.headers.get(name, "").split(";")[0]


def parse(data: bytes) -> Message:
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    vias = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() == "via":
            vias.append(value.strip())
        headers.setdefault(name.strip().lower(), value.strip())
    return Message(start, headers, tuple(vias), body)


def user_of(uri: str) -> str:
    """`sip:101@127.0.0.1` -> `101`."""
    return re.sub(r"^sips?:|@.*$", "", uri)


def authorization(challenge: Message, user: str, secret: str, request: tuple[str, str]) -> str:
    """The header that answers a 401; `request` = (method, uri)."""
    asked = challenge.headers.get("www-authenticate", "")

    def part(name: str) -> str:
        found = re.search(rf'{name}="?([^",]+)', asked)
        return found[1] if found else ""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    method, uri = request
    once = token(4)
    first = md5(f"{user}:{part('realm')}:{secret}")
    answer = md5(f"{first}:{part('nonce')}:00000001:{once}:auth:{md5(f'{method}:{uri}')}")
    opaque = f', opaque="{part("opaque")}"' if part("opaque") else ""
    return (
        f'Authorization: Digest username="{user}", realm="{part("realm")}",'
        f' nonce="{part("nonce")}", uri="{uri}", response="{answer}", algorithm=MD5, qop=auth,'
        f' nc=00000001, cnonce="{once}"{opaque}'
    )


def session(ip: str, port: int, mode: str = "sendrecv") -> str:
    """A session description: mu-law only."""
    return "\r\n".join(
        [
            *("v=0", f"o=test {port} {port} IN IP4 {ip}", "s=-", f"c=IN IP4 {ip}", "t=0 0"),
            *(f"m=audio {port} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", f"a={mode}", ""),
        ]
    )
