"""What a contact point is, and which of several it is."""

from __future__ import annotations

from enum import StrEnum


class ContactKind(StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    TELEGRAM = "telegram"
    VK = "vk"
    VIBER = "viber"
    OTHER = "other"


MESSENGERS = frozenset({ContactKind.TELEGRAM, ContactKind.VK, ContactKind.VIBER})


class Label(StrEnum):
    """Which of several contacts of a kind it is; a number without a label says nothing."""

    NONE = ""
    MAIN = "main"
    WORK = "work"
    MOBILE = "mobile"
    HOME = "home"
