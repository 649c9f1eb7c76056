"""One part of a mail: its name, its type, its content decoded. Pure."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from email.message import Message

from channels.email import charsets, encodedwords, headers
from channels.email.filekinds import default_name, kind_by_name


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


def leaf_of(number: str, part: Message) -> Leaf:
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
        name=name or default_name(mime),
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
        return encodedwords.unbase64(text.encode("utf-8", "surrogateescape"))
    with suppress(Exception):
        found = part.get_payload(decode=True)
        if isinstance(found, bytes):
            return found
    return text.encode("utf-8", "surrogateescape")


def _as_bytes(part: Message) -> bytes:
    with suppress(Exception):
        return part.as_bytes()
    return str(part.get_payload()).encode("utf-8", "surrogateescape")
