"""An outbound part → an SMS. Pure."""

from __future__ import annotations

from channels.sms import faults
from channels.sms.gateway import Outgoing
from crm_core.dialogs.messages import OutboundPart
from routing.contracts import Rejected


def outgoing(chat: str, part: OutboundPart) -> Outgoing:
    """The text for one number; Rejected when there is nothing to say in words."""
    if part.files:
        raise Rejected(faults.NO_FILES)
    if not chat.startswith("+"):
        raise Rejected(faults.BAD_NUMBER)
    return Outgoing(to=chat, text=part.text)
