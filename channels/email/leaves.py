"""Parts of a mail that hold something: numbered in their order, decoded, told apart. Pure.

A leaf's number is its place among the leaves ("3"); files out of winmail.dat have numbers of
their own below it ("3.1"). Attached mails are leaves: nobody looks into them but forwards.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message

from channels.email import charsets, headers, tnef

MOST_LEAVES = 300
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
OUTLOOK = "winmail.dat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part with its decoded content. `attached`: the sender meant it as a file."""

    number: str
    mime: str
    name: str
    data: bytes
    charset: str = ""
    attached: bool = False
    cid: str = ""

    @property
    def text(self) -> str:
        return charsets.decode(self.data, self.charset).replace("\0", "")


def leaves(message: Message) -> Iterator[Leaf]:
    """All leaves, files of winmail.dat in its place."""
    for number, part in enumerate(_walk(message), 1):
        if number > MOST_LEAVES:
            return
        leaf = _leaf(str(number), part)
        inner = tnef.files(leaf.data) if leaf.mime in TNEF or leaf.name == OUTLOOK else []
        if not inner:
            yield leaf
        for place, one in enumerate(inner, 1):
            name = headers.safe_name(one.name)
            yield Leaf(
                number=f"{number}.{place}",
                mime=one.mime or kind_by_name(name),
                name=name,
                data=one.data,
                attached=True,
            )


def _walk(message: Message) -> Iterator[Message]:
    """Parts without parts, in reading order, without recursion."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = part.get_payload()
        if isinstance(children, list) and part.get_content_maintype() != "message":
            waiting += [one for one in reversed(children) if isinstance(one, Message)]
        else:
            yield part


def _leaf(number: str, part: Message) -> Leaf:
    name = headers.file_name(part)
    mime = part.get_content_type()
    if mime.startswith("multipart/"):
        mime = "text/plain"  # parts that are none: broken, but somebody wrote it
    disposition = headers.raw_value(part, "Content-Disposition").partition(";")[0].strip().lower()
    if mime == "application/octet-stream" and name:
        mime = kind_by_name(name)
    attached = disposition == "attachment" or bool(name) or mime == "message/rfc822"
    return Leaf(
        number=number,
        mime=mime,
        name=name or _default_name(mime),
        data=_content(part),
        charset=headers.parameter(part, "content-type", "charset"),
        attached=attached,
        cid=headers.plain(headers.raw_value(part, "Content-ID")).strip(" <>")[:200],
    )


def _content(part: Message) -> bytes:
    """The decoded bytes, whatever the transfer encoding claims to be."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(_as_bytes(one) for one in payload if isinstance(one, Message))
    text = str(payload or "")
    if "base64" in headers.raw_value(part, "Content-Transfer-Encoding").lower():
        return charsets.unbase64(text.encode("utf-8", "surrogateescape"))
    with suppress(Exception):
        found = part.get_payload(decode=True)
        if isinstance(found, bytes):
            return found
    return text.encode("utf-8", "surrogateescape")


def _as_bytes(part: Message) -> bytes:
    with suppress(Exception):
        return part.as_bytes()
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def kind_by_name(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _default_name(mime: str) -> str:
    """A name for a part that has none."""
    if mime == "text/calendar":
        return "invite.ics"
    if mime == "message/rfc822":
        return "message.eml"
    ending = mimetypes.guess_extension(mime) or ".bin"
    return f"part{ending}"
