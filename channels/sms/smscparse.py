"""Fields of an HTTP gateway, as they came, → neutral events. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from channels.sms import faults
from channels.sms.people import said
from crm_core.clients.rules import normalize_phone
from crm_core.dialogs.messages import InboundEvent, InboundFailure, InboundReceipt
from crm_core.kernel import clock

DELIVERED = frozenset({1})
READ = frozenset({2, 4})
LOST = {
    3: faults.EXPIRED,
    20: faults.UNDELIVERABLE,
    22: faults.WRONG_NUMBER,
    23: faults.FORBIDDEN,
    24: faults.NO_MONEY,
    25: faults.BAD_NUMBER,
}


def body_of(fields: dict[str, str]) -> dict[str, Any]:
    """What is stored: the fields, and when they came (an answer has no zone of its own)."""
    return {"gateway": "smsc", "fields": fields, "received": clock.now().isoformat()}


def key_of(fields: dict[str, str]) -> str:
    """The provider's number of an incoming one, number and state of a report; else ValueError."""
    number = fields.get("id", "")
    if not number.lstrip("-").isdecimal():
        message = "a call without the number of an SMS"
        raise ValueError(message)
    if _is_incoming(fields):
        return f"in:{number}"
    if "status" in fields:
        return f"report:{number}:{fields['status']}"
    message = "a call that is neither an SMS nor a report"
    raise ValueError(message)


def _is_incoming(fields: dict[str, str]) -> bool:
    return "phone" in fields and ("mes" in fields or "message" in fields)


def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
    """Events of one stored call."""
    fields = body["fields"]
    if not isinstance(fields, dict):
        message = "no fields"
        raise TypeError(message)
    received = datetime.fromisoformat(body["received"])
    if _is_incoming(fields):
        text = str(fields.get("mes", fields.get("message", "")))
        return [said(key_of(fields), fields["phone"], text, received)]
    return _report(fields, received)


def _report(fields: dict[str, str], received: datetime) -> Sequence[InboundEvent]:
    status, number = int(fields["status"]), fields["id"]
    chat = normalize_phone(fields.get("phone", "")) or fields.get("phone", "")
    at = _moment(fields.get("ts", ""), received)
    if status in LOST:
        return [InboundFailure(chat=chat, external_id=number, at=at, reason=LOST[status])]
    if status not in DELIVERED | READ:
        return []
    reached = "read" if status in READ else "delivered"
    return [InboundReceipt(chat=chat, external_id=number, at=at, status=reached, only=True)]


def _moment(stamp: str, received: datetime) -> datetime:
    if not stamp.isdecimal() or len(stamp) > 10:
        return received
    return datetime.fromtimestamp(int(stamp), UTC)
