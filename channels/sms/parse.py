"""What a gateway sent, as it was stored → neutral events. Pure; malformed raises ValueError."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.sms import smppparse, smscparse
from crm_core.dialogs.messages import InboundEvent


def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
    """Events of one stored call or packet; empty for a part of a long SMS that is not whole."""
    reader = {"smsc": smscparse.parse, "smpp": smppparse.parse}.get(str(body.get("gateway")))
    if reader is None:
        return []
    try:
        return reader(body)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"malformed: {error!r}"
        raise ValueError(message) from error
