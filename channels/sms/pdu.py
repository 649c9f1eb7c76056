"""Packets of SMPP 3.4 as bytes and back: only what a client that sends and receives needs. Pure.

Source: SMPP Protocol Specification v3.4, issue 1.2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

BIND_RECEIVER, BIND_TRANSMITTER = 0x01, 0x02
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK, NACK = 0x04, 0x05, 0x06, 0x15, 0x80000000
RESPONSE = 0x80000000
HEADER = struct.Struct(">IIII")
MAX_LENGTH = 1 << 17
UDHI, IS_RECEIPT = 0x40, 0x04
RECEIPTED_ID, MESSAGE_STATE, PAYLOAD = 0x001E, 0x0427, 0x0424
SAR_REF, SAR_TOTAL, SAR_SEQ = 0x020C, 0x020E, 0x020F


@dataclass(frozen=True, slots=True)
class Packet:
    """Any packet: command, status (0 is fine), sequence number, body."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def wire(self) -> bytes:
        length = HEADER.size + len(self.body)
        return HEADER.pack(length, self.command, self.status, self.sequence) + self.body


def take(buffer: bytearray) -> Packet | None:
    """Cut the first whole packet off; ValueError when the stream makes no sense."""
    if len(buffer) < HEADER.size:
        return None
    length, command, status, sequence = HEADER.unpack_from(buffer)
    if not HEADER.size <= length <= MAX_LENGTH:
        message = f"a packet of {length} bytes"
        raise ValueError(message)
    if len(buffer) < length:
        return None
    body = bytes(buffer[HEADER.size : length])
    del buffer[:length]
    return Packet(command, status, sequence, body)


def text(value: str) -> bytes:
    """A C-octet string."""
    return value.encode("ascii", "replace") + b"\0"


def bind(system_id: str, password: str) -> bytes:
    """The body of any bind: version 3.4, any address."""
    return text(system_id) + text(password) + text("") + bytes([0x34, 0, 0]) + text("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One SMS, or one piece (`header` says which)."""

    source: str
    to: str
    coding: int
    content: bytes
    header: bytes = b""

    def body(self) -> bytes:
        short = self.header + self.content
        source = bytes([_source_ton(self.source), 1 if self.source.isdecimal() else 0])
        return b"".join(
            (
                text(""),
                source + text(self.source.lstrip("+")),
                bytes([1, 1]) + text(self.to.lstrip("+")),
                bytes([UDHI if self.header else 0, 0, 0]),
                text("") + text(""),
                bytes([1, 0, self.coding, 0, len(short)]),
                short,
            )
        )


def _source_ton(source: str) -> int:
    """International numbers, names, and whatever short numbers are."""
    if not source:
        return 0
    if not source.lstrip("+").isdecimal():
        return 5
    return 1 if len(source.lstrip("+")) > 6 else 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came: an SMS, one of its pieces, or a receipt. `options` by tag."""

    source: str
    to: str
    esm_class: int
    coding: int
    content: bytes
    options: dict[int, bytes]

    @property
    def is_receipt(self) -> bool:
        return bool(self.esm_class & 0x3C == IS_RECEIPT or MESSAGE_STATE in self.options)

    def piece(self) -> tuple[int, int, int] | None:
        """(reference, total, number from 1) of a piece of a long SMS."""
        if {SAR_REF, SAR_TOTAL, SAR_SEQ} <= set(self.options):
            numbers = [self.options[tag] for tag in (SAR_REF, SAR_TOTAL, SAR_SEQ)]
            ref, total, number = (int.from_bytes(raw, "big") for raw in numbers)
            return _piece(ref, total, number)
        if not self.esm_class & UDHI:
            return None
        return _of_header(self.content[1 : 1 + self.content[0]] if self.content else b"")

    def text_bytes(self) -> bytes:
        """The content without the header that says which piece it is."""
        if not self.esm_class & UDHI or not self.content:
            return self.content
        return self.content[1 + self.content[0] :]


def _of_header(header: bytes) -> tuple[int, int, int] | None:
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if (kind, len(value)) == (0x00, 3):
            return _piece(value[0], value[1], value[2])
        if (kind, len(value)) == (0x08, 4):
            return _piece(int.from_bytes(value[:2], "big"), value[2], value[3])
        at += 2 + size
    return None


def _piece(ref: int, total: int, number: int) -> tuple[int, int, int] | None:
    return (ref, total, number) if total > 1 and 1 <= number <= total else None


def pieces_header(ref: int, total: int, number: int) -> bytes:
    """Six bytes before a piece: 8-bit reference, how many, which."""
    return bytes([5, 0, 3, ref & 0xFF, total, number])


def delivered(body: bytes) -> Delivered:
    """The body of deliver_sm; ValueError when it is cut off."""
    try:
        return _delivered(body)
    except (IndexError, struct.error) as error:
        message = "a packet that is cut off"
        raise ValueError(message) from error


def _delivered(body: bytes) -> Delivered:
    at = body.index(b"\0") + 1 + 2
    source, at = _string(body, at)
    to, at = _string(body, at + 2)
    esm_class, at = body[at], at + 3
    for _ in range(2):
        _skipped, at = _string(body, at)
    coding, size = body[at + 2], body[at + 4]
    content, at = body[at + 5 : at + 5 + size], at + 5 + size
    if len(content) != size:
        raise IndexError
    options: dict[int, bytes] = {}
    while at < len(body):
        tag, length = struct.unpack_from(">HH", body, at)
        options[tag] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return Delivered(
        source=source,
        to=to,
        esm_class=esm_class,
        coding=coding,
        content=options.get(PAYLOAD, content) if not size else content,
        options=options,
    )


def _string(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(b"\0", at)
    return body[at:end].decode("latin-1"), end + 1
