"""Packets an SMPP server delivered → neutral events. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels.sms import faults, pdu
from channels.sms.gsm import decode
from channels.sms.people import said
from crm_core.clients.rules import normalize_phone
from crm_core.dialogs.messages import InboundEvent, InboundFailure, InboundReceipt
from crm_core.kernel import clock

FIELD = re.compile(r"(id|stat|err):\s*(\S+)", re.IGNORECASE)
LOST = {
    "EXPIRED": faults.EXPIRED,
    "DELETED": faults.UNDELIVERABLE,
    "UNDELIV": faults.UNDELIVERABLE,
    "REJECTD": faults.FORBIDDEN,
    "UNKNOWN": faults.UNDELIVERABLE,
}
STATES = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD"}
STATES |= {7: "UNKNOWN", 8: "REJECTD"}


def body_of(key: str, *packets: bytes) -> dict[str, Any]:
    """What is stored: bodies of deliver_sm, several for a long SMS, when they came; `key` is the
    event's own, for SMPP gives incoming ones no number."""
    found = {"gateway": "smpp", "key": key, "packets": [packet.hex() for packet in packets]}
    return found | {"received": clock.now().isoformat()}


def digest(packet: bytes) -> str:
    """By which a packet is known when it comes again."""
    return f"sm:{hashlib.sha256(packet).hexdigest()[:40]}"


def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
    """Events of stored packets. Part of a long SMS alone says nothing yet."""
    raws = [bytes.fromhex(packet) for packet in body["packets"]]
    packets = [pdu.delivered(raw) for raw in raws]
    received = datetime.fromisoformat(body["received"])
    first = packets[0]
    if first.is_receipt:
        return _report(first, received)
    if len(packets) == 1 and first.piece() and not body.get("alone"):
        return []
    return [said(f"in:{body['key']}", _plus(first.source), _text(packets), received)]


def _text(packets: Sequence[pdu.Delivered]) -> str:
    """All pieces in their order; a missing one leaves a mark."""
    pieces = {(one.piece() or (0, 1, 1))[2]: one for one in packets}
    total = max((one.piece() or (0, 1, 1))[1] for one in packets)
    # A pair of UCS-2 halves may be torn between pieces: bytes of one alphabet are joined first.
    codings = {one.coding for one in packets}
    if len(pieces) == total and len(codings) == 1:
        raw = b"".join(pieces[number].text_bytes() for number in sorted(pieces))
        return decode(codings.pop(), raw)
    return "".join(
        decode(pieces[number].coding, pieces[number].text_bytes()) if number in pieces else " […] "
        for number in range(1, total + 1)
    )


def _plus(source: str) -> str:
    """Full numbers come without their plus."""
    return f"+{source}" if source.isdecimal() and len(source) > 9 else source


def _report(found: pdu.Delivered, received: datetime) -> Sequence[InboundEvent]:
    words = {name.lower(): value for name, value in FIELD.findall(_words(found))}
    named = found.options.get(pdu.RECEIPTED_ID, b"").rstrip(b"\0").decode("latin-1")
    external_id = named or words.get("id", "")
    state = _state(found, words)
    chat = normalize_phone(_plus(found.source)) or found.source
    if not external_id:
        message = "a receipt without the number of its SMS"
        raise ValueError(message)
    if state in LOST:
        reason = LOST[state]
        return [InboundFailure(chat=chat, external_id=external_id, at=received, reason=reason)]
    if state != "DELIVRD":
        return []
    mark = InboundReceipt(
        chat=chat, external_id=external_id, at=received, status="delivered", only=True
    )
    return [mark]


def _words(found: pdu.Delivered) -> str:
    return decode(found.coding, found.text_bytes())


def _state(found: pdu.Delivered, words: dict[str, str]) -> str:
    if raw := found.options.get(pdu.MESSAGE_STATE):
        return STATES.get(raw[0], "UNKNOWN")
    return words.get("stat", "").upper()[:7]
