"""Pure rules of clients: phones, mail addresses, and the normal form of contact points."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers

from crm_core.clients.folding import fold
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
# Fewer digits are an extension or a short number: never somebody's own phone.
_MIN_DIGITS = 7


class ContactKind(StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"


def normalize_phone(raw: str, region: str = "RU") -> str | None:
    """The number in E.164, or None when it is nobody's full number.

    Takes what people write: `8 (912) 345-67-89`, `7912…`, `912 345 67 89`, `375 29 …`,
    `+7 495 123-45-67 доб. 12` (the extension is dropped).
    """
    if sum(map(str.isdigit, raw)) < _MIN_DIGITS:
        return None
    national = _parsed(raw, region)
    if national and phonenumbers.is_valid_number(national):
        return _e164(national)
    foreign = _parsed("+" + raw.strip().removeprefix("+").removeprefix("00"), None)
    if foreign is None:
        return None
    # With a plus the writer named the country: new ranges the library lacks are believed.
    plus = raw.strip().startswith("+")
    taken = phonenumbers.is_possible_number(foreign) if plus else _is_valid(foreign)
    return _e164(foreign) if taken else None


def _parsed(raw: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: phonenumbers.PhoneNumber) -> bool:
    return bool(phonenumbers.is_valid_number(number))


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def display_phone(value: str) -> str:
    """An E.164 number as people read it (`+7 912 345-67-89`); other texts as they are."""
    number = _parsed(value, None)
    if number is None:
        return value
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))


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
    value = " ".join(raw.split())
    if not 0 < len(value) <= MAX_VALUE:
        raise Invalid(N_("A contact has from 1 to %(most)s characters."), most=MAX_VALUE)
    return value
