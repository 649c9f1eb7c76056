"""Pure rules of clients: phones, mail addresses, and the normal form of contact points."""

from __future__ import annotations

import re

from crm_core.clients.contactkinds import MESSENGERS, ContactKind
from crm_core.clients.folding import fold
from crm_core.clients.messengers import normalize_messenger
from crm_core.clients.phones import display_phone, normalize_phone
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

__all__ = [
    "ContactKind",
    "display_phone",
    "fold",
    "normalize_contact",
    "normalize_email",
    "normalize_phone",
]

MAX_VALUE = 200
_EMAIL = re.compile(r"[^\s@<>\"',;()]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")


def normalize_email(raw: str) -> str | None:
    """The address in lower case without `mailto:` and brackets, or None when it is none."""
    value = raw.strip().lower().removeprefix("mailto:").strip("<> ")
    return value if len(value) <= MAX_VALUE and _EMAIL.fullmatch(value) else None


def normalize_contact(kind: ContactKind, raw: str) -> str:
    """The normal form of a contact point; raises Invalid and says what is wrong."""
    if kind is ContactKind.PHONE:
        value = normalize_phone(raw)
        if value is None:
            raise Invalid(
                N_("%(value)s is no full phone number. Write it with its code."), value=raw
            )
        return value
    if kind is ContactKind.EMAIL:
        value = normalize_email(raw)
        if value is None:
            raise Invalid(
                N_("%(value)s is no mail address. It looks like name@example.com."), value=raw
            )
        return value
    if kind in MESSENGERS:
        name = normalize_messenger(kind, raw)
        if name is None:
            raise Invalid(N_("%(value)s is no name in this messenger."), value=raw)
        return name
    value = " ".join(raw.split())
    if not 0 < len(value) <= MAX_VALUE:
        raise Invalid(N_("A contact has from 1 to %(most)s characters."), most=MAX_VALUE)
    return value
