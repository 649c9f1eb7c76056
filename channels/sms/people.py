"""A text somebody sent, as the hub's message: the number is the person. Pure."""

from __future__ import annotations

from datetime import datetime

from crm_core.clients.rules import display_phone, normalize_phone
from crm_core.dialogs.messages import InboundMessage, Sender


def said(key: str, number: str, text: str, at: datetime) -> InboundMessage:
    """`key` is unique within the account; senders that are no number (banks) keep their name."""
    phone = normalize_phone(number)
    chat = phone or number.strip()[:128]
    if not chat:
        message = "an SMS without a sender"
        raise ValueError(message)
    sender = Sender(external_id=chat, name=display_phone(chat), phone=phone)
    return InboundMessage(external_id=key, chat=chat, sender=sender, at=at, text=text)
