"""Header fields of a mail as data: addresses, ids, dates, names of parts. Pure, raises nothing."""

from __future__ import annotations

import email.message
import email.utils
import re
from contextlib import suppress
from datetime import UTC, datetime
from email.policy import Compat32
from typing import Any
from urllib.parse import unquote_to_bytes

from channels.email import charsets, encodedwords

MOST_ADDRESSES = 100
MOST_REFERENCES = 100
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]+@[^\s<>()\[\],;:\"'@]+")
MESSAGE_ID = re.compile(r"<([^<>\s]+)>")


class Raw(Compat32):
    """Headers as they stand, undecoded bytes as surrogates: names in raw bytes stay readable."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return str(value)


RAW = Raw()


def parsed(raw: bytes) -> email.message.Message:
    """The tree of parts; a mail too broken for a tree is one text part."""
    try:
        return email.message_from_bytes(raw, policy=RAW)
    except Exception:  # noqa: BLE001 - parsers of mail fail in many ways; the text must stay
        message: email.message.Message = email.message.Message(policy=RAW)
        message.set_payload(raw.decode("ascii", "surrogateescape"))
        return message


def raw_value(part: email.message.Message, name: str) -> str:
    """The first header of that name as it stands."""
    return str(part.get(name) or "")


def value(part: email.message.Message, name: str) -> str:
    return encodedwords.header(raw_value(part, name))


def values(part: email.message.Message, name: str) -> list[str]:
    return [encodedwords.header(str(one)) for one in part.get_all(name) or []]


def addresses(part: email.message.Message, *names: str) -> list[dict[str, str]]:
    """`[{"address", "name"}]` of the headers of these names, each address once."""
    found: dict[str, dict[str, str]] = {}
    for raw in (str(one) for name in names for one in part.get_all(name) or []):
        for title, address in _pairs(raw):
            found.setdefault(address, {"address": address, "name": title})
    return list(found.values())[:MOST_ADDRESSES]


def _pairs(raw: str) -> list[tuple[str, str]]:
    unfolded = " ".join(charsets.escaped(raw).split())
    with suppress(Exception):
        parsed = email.utils.getaddresses([unfolded])
        pairs = [(_title(name), clean) for name, one in parsed if (clean := address_of(one))]
        if pairs:
            return pairs
    # Written wholly as one encoded word, or not by the rules at all.
    text = encodedwords.header(raw)
    found = [address_of(match[0]) for match in ADDRESS.finditer(text)]
    title = _title(ADDRESS.sub("", text).replace("<", "").replace(">", "")) if found else ""
    return [(title if len(found) == 1 else "", one) for one in found if one]


def _title(name: str) -> str:
    return encodedwords.header(name).strip(" \"'").replace("\\", "")[:200]


def address_of(text: str) -> str:
    """A bare lower-case address, or an empty string."""
    match = ADDRESS.fullmatch(text.strip().strip("<>").rstrip("."))
    return match[0].lower() if match and len(match[0]) <= 254 else ""


def ids(part: email.message.Message, name: str) -> list[str]:
    """Message-IDs of a header, in their order, without brackets."""
    text = " ".join(raw_value(part, name).split())
    found = MESSAGE_ID.findall(text) or [one for one in text.split() if "@" in one]
    kept = list(dict.fromkeys(plain(one) for one in found))
    return [one for one in kept if one][-MOST_REFERENCES:]


def plain(text: str) -> str:
    """Without raw bytes and control characters."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char for char in decoded if char.isprintable())


def date(part: email.message.Message) -> datetime | None:
    """When it was written, aware (UTC without a zone); None when the header says nothing."""
    with suppress(Exception):
        found = email.utils.parsedate_to_datetime(raw_value(part, "Date"))
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    return None


def parameter(part: email.message.Message, header: str, name: str) -> str:
    """A parameter of a structured header: RFC 2231, encoded words or raw bytes."""
    with suppress(Exception):
        found = part.get_param(name, header=header)
        if isinstance(found, tuple):
            charset, _language, text = found
            return charsets.decode(text.encode("latin-1", "replace"), charset)
        if found:
            return encodedwords.header(str(found))
    return ""


def file_name(part: email.message.Message) -> str:
    """The name of a part as its sender gave it: untrusted, at most 200 characters, no folders."""
    name = parameter(part, "content-disposition", "filename")
    name = name or parameter(part, "content-type", "name")
    if "%" in name and "''" in name:  # RFC 2231 said in the plain parameter
        charset, _quote, coded = name.partition("'")
        name = charsets.decode(unquote_to_bytes(coded.rpartition("'")[2]), charset)
    return safe_name(name)


# Turn the direction of reading: `exe.fdp` shown as `pdf.exe`.
TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe_name(name: str) -> str:
    """A bare file name: no folders, no control or direction characters."""
    printable = "".join(char for char in TURNS.sub("", name) if char.isprintable())
    bare = re.split(r"[/\\]", printable)[-1].strip(" .")
    if len(bare) <= 200:
        return bare
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:180]}{dot}{ending}" if dot and len(ending) < 16 else bare[:200]
