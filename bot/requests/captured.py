"""What a manager shared about somebody, read from their message: contact, vCard, forward, words."""

from __future__ import annotations

from io import BytesIO

from aiogram.types import (
    Contact,
    Document,
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from bot.desk import Desk
from crm_core.clients.rules import normalize_phone
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.requests.capturing import typed, vcard

VCARD_MAX = 64 * 1024
VCARDS = frozenset({"text/vcard", "text/x-vcard"})


def has_vcard(message: Message) -> bool:
    document = message.document
    if document is None:
        return False
    return (document.file_name or "").lower().endswith(".vcf") or document.mime_type in VCARDS


def is_phone(message: Message) -> bool:
    """A full number and nothing else."""
    text = message.text or ""
    return not any(map(str.isalpha, text)) and normalize_phone(text) is not None


async def read(desk: Desk, message: Message) -> tuple[dict[str, str], str]:
    """(person, what they want); Invalid when it says nothing about anybody."""
    person, words = await _read(desk, message)
    if not person:
        raise Invalid(N_("I see nobody in this. Write a phone or a name, or share a contact."))
    return person, words


async def _read(desk: Desk, message: Message) -> tuple[dict[str, str], str]:
    if message.contact:
        return _contact(message.contact), ""
    if message.document and has_vcard(message):
        return vcard(await _text(desk, message.document)), ""
    if message.forward_origin:
        return _forwarded(message)
    if message.photo:
        raise Invalid(N_("I can't read photos yet: write the phone or the name from the card."))
    return typed(message.text or message.caption or ""), ""


def _contact(contact: Contact) -> dict[str, str]:
    """The card behind it may know more than Telegram shows."""
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    phone = normalize_phone("+" + contact.phone_number.lstrip("+")) or contact.phone_number
    known = {"name": name, "phone": phone}
    return vcard(contact.vcard or "") | {key: value for key, value in known.items() if value}


async def _text(desk: Desk, document: Document) -> str:
    if (document.file_size or 0) > VCARD_MAX:
        raise Invalid(N_("This vCard is too large: share one person at a time."))
    body = await desk.bot.download(document, BytesIO())
    return body.read().decode("utf-8", "replace") if body else ""


def _forwarded(message: Message) -> tuple[dict[str, str], str]:
    """Who wrote it first, what they said, and the phone and address in it."""
    origin, words = message.forward_origin, message.text or message.caption or ""
    person: dict[str, str] = {}
    if isinstance(origin, MessageOriginUser):
        person["name"] = origin.sender_user.full_name
        if origin.sender_user.username:
            person["username"] = origin.sender_user.username
    elif isinstance(origin, MessageOriginHiddenUser):
        person["name"] = origin.sender_user_name
    inside = typed(words)
    return person | {key: inside[key] for key in ("phone", "email") if key in inside}, words
