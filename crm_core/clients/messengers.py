"""Pure: names of people in messengers, as they type and paste them, in one normal form."""

from __future__ import annotations

import re

from crm_core.clients.contactkinds import ContactKind
from crm_core.clients.phones import normalize_phone

_SITE = r"(?:https?://)?(?:www\.|m\.)?"
_TELEGRAM = re.compile(
    rf"(?:@|{_SITE}(?:t|telegram)\.me/|tg://resolve\?domain=)?([a-z]\w{{3,31}})/?", re.ASCII
)
_TELEGRAM_PHONE = re.compile(rf"{_SITE}t\.me/(\+\d+)/?")
_VK = re.compile(rf"(?:@|{_SITE}vk\.(?:com|ru)/)?(?!vk\.)([a-z\d_.]{{3,32}})/?", re.ASCII)
_VIBER = re.compile(r"viber://(?:chat|add)\?number=(?:%2b|\+)?(\d+)")
# What says of itself which messenger it is of; a bare word may be of any.
_SAID = (
    (ContactKind.TELEGRAM, re.compile(rf"@|{_SITE}(?:t|telegram)\.me/|tg://")),
    (ContactKind.VK, re.compile(rf"{_SITE}vk\.(?:com|ru)/")),
    (ContactKind.VIBER, re.compile(r"viber:")),
)


def normalize_messenger(kind: ContactKind, raw: str) -> str | None:
    """The name in small letters without `@` and site, Viber's and Telegram's numbers in E.164.

    None when it can't be a name of this messenger.
    """
    text = raw.strip().lower()
    if kind is ContactKind.VIBER:
        found = _VIBER.fullmatch(text)
        return normalize_phone(f"+{found[1]}" if found else text.removeprefix("viber:"))
    if kind is ContactKind.VK:
        match = _VK.fullmatch(text)
        return match[1] if match else None
    if match := _TELEGRAM_PHONE.fullmatch(text):
        return normalize_phone(match[1])
    match = _TELEGRAM.fullmatch(text)
    return match[1] if match else normalize_phone(text)


def recognized(raw: str) -> ContactKind:
    """Which kind of contact a link or `@name` says it is; OTHER when it does not say."""
    text = raw.strip().lower()
    for kind, said in _SAID:
        if said.match(text) and normalize_messenger(kind, text):
            return kind
    return ContactKind.OTHER


def shown(kind: str, value: str) -> str:
    """As people read it: `@name`, `vk.com/name`; other values as they are."""
    if kind == ContactKind.TELEGRAM and not value.startswith("+"):
        return f"@{value}"
    return f"vk.com/{value}" if kind == ContactKind.VK else value
