"""How many SMS a text is, and bytes that other programs read the same way."""

from __future__ import annotations

import pytest
from aiosmpplib import DeliverSm, PhoneNumber  # type: ignore[import-untyped] # brings no types

from channels.sms import gsm, pdu
from channels.sms.smppparse import parse
from crm_core.dialogs.messages import InboundMessage
from crm_core.dialogs.smscount import Count, count
from sandbox.sms.counting import parts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Count(gsm=True, units=0, parts=0, room=160)),
        ("a" * 160, Count(gsm=True, units=160, parts=1, room=0)),
        ("a" * 161, Count(gsm=True, units=161, parts=2, room=145)),
        ("€" * 80, Count(gsm=True, units=160, parts=1, room=0)),
        ("€" * 81, Count(gsm=True, units=162, parts=2, room=143)),
        ("я" * 70, Count(gsm=False, units=70, parts=1, room=0)),
        ("я" * 71, Count(gsm=False, units=71, parts=2, room=63)),
        ("a" * 69 + "я", Count(gsm=False, units=70, parts=1, room=0)),
        ("🌷" * 35, Count(gsm=False, units=70, parts=1, room=0)),
        ("🌷" * 67, Count(gsm=False, units=134, parts=3, room=65)),
    ],
)
def test_parts_of_a_text(text: str, wanted: Count) -> None:
    assert count(text) == wanted


@pytest.mark.parametrize("text", ["a" * 500, "я" * 500, "смешано mixed " * 30, "x" * 153 * 3])
def test_pieces_are_as_many_as_counted(text: str) -> None:
    coding, pieces = gsm.encode(text)
    assert len(pieces) == count(text).parts == parts(text)
    assert "".join(gsm.decode(coding, piece) for piece in pieces) == text


def test_every_letter_of_the_alphabet_survives() -> None:
    text = "".join(char for char in gsm.SEPTETS if char != "\x1b")
    coding, pieces = gsm.encode(text)
    assert coding == gsm.GSM
    assert "".join(gsm.decode(coding, piece) for piece in pieces) == text


@pytest.mark.parametrize("text", ["Есть пионы?", "Hello {world}"])
def test_packets_of_another_program_are_read(text: str) -> None:
    packet = DeliverSm(
        short_message=text,
        source=PhoneNumber("79161234501"),
        destination=PhoneNumber("79990001122"),
        encoding="ucs2",
    )
    packet.set_encoding_info("gsm0338", None)
    raw = packet.pdu()[16:]
    body = {
        "gateway": "smpp",
        "key": "k",
        "packets": [raw.hex()],
        "received": "2026-11-21T12:00:00+00:00",
    }
    (said,) = parse(body)
    assert isinstance(said, InboundMessage)
    assert (said.text, said.chat) == (text, "+79161234501")


@pytest.mark.parametrize("cut", range(0, 40, 3))
def test_a_packet_that_is_cut_off_is_a_value_error(cut: int) -> None:
    body = pdu.Submit(source="Shop", to="+79161234501", coding=0, content=b"x" * 10).body()
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words
        pdu.delivered(body[: min(cut, len(body) - 1)])


def test_a_stream_of_nonsense_is_a_value_error() -> None:
    assert pdu.take(bytearray(b"\0" * 8)) is None
    with pytest.raises(ValueError, match="bytes"):
        pdu.take(bytearray(b"HTTP/1.1 400 Bad Request"))
