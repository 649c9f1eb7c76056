"""Pure rules of phone numbers: E.164, and as people read them."""

from __future__ import annotations

import phonenumbers

# Fewer digits are an extension or a short number: never somebody's own phone.
_MIN_DIGITS = 7


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
