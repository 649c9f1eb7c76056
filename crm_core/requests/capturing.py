"""What somebody typed or shared about a person, as fields of a person. Pure."""

from __future__ import annotations

import quopri
import re

from crm_core.clients.rules import normalize_email, normalize_phone

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.\w{2,}")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d\s().–-]{5,}\d")
_USERNAME = re.compile(r"(?<!\S)@(\w{4,32})")
_INN = re.compile(r"(?<!\d)(?:\d{12}|\d{10})(?!\d)")
_SEPARATORS = " ,;:\n\t"


def typed(text: str) -> dict[str, str]:
    """Name, phone, email, username and inn out of one line people write."""
    found: dict[str, str] = {}
    rest = text
    for name, pattern in (("email", _EMAIL), ("username", _USERNAME)):
        if match := pattern.search(rest):
            found[name] = match[match.lastindex or 0]
            rest = rest.replace(match[0], " ", 1)
    if match := _PHONE.search(rest):
        digits = "".join(filter(str.isdigit, match[0]))
        if phone := normalize_phone(match[0]):
            found["phone"] = phone
            rest = rest.replace(match[0], " ", 1)
        elif _INN.fullmatch(digits):
            found["inn"] = digits
            rest = rest.replace(match[0], " ", 1)
    if "inn" not in found and (match := _INN.search(text)):
        # Ten digits may be both: both are looked for.
        found["inn"] = match[0]
    if name := " ".join(rest.strip(_SEPARATORS).split()):
        found["name"] = name[:200]
    return found


def vcard(text: str) -> dict[str, str]:
    """The first card of a vCard 2.1, 3.0 or 4.0: name, company, phone, email."""
    found: dict[str, str] = {}
    for label, value in _lines(text):
        name, _, kind = label.partition(";")
        said = _value(value, kind)
        match name.rpartition(".")[2].upper():
            case "FN" if said:
                found["name"] = said
            case "N" if said and "name" not in found:
                parts = said.split(";")
                found["name"] = " ".join(filter(None, [*parts[1:3], parts[0]]))
            case "ORG" if said:
                found["company"] = said.split(";")[0]
            case "TEL" if phone := normalize_phone(said):
                found.setdefault("phone", phone)
            case "EMAIL" if address := normalize_email(said):
                found.setdefault("email", address)
            case "END":
                break
    return {label: value.strip()[:200] for label, value in found.items() if value.strip()}


def _lines(text: str) -> list[tuple[str, str]]:
    """(label, value) with folded lines joined again."""
    joined = re.sub(r"=\r?\n", "", text) if "QUOTED-PRINTABLE" in text.upper() else text
    unfolded = re.sub(r"\r?\n[ \t]", "", joined)
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return [(label, value) for label, colon, value in pairs if colon]


def _value(value: str, kind: str) -> str:
    if "QUOTED-PRINTABLE" in kind.upper():
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    value = value.removeprefix("tel:").removeprefix("mailto:")
    return value.replace("\\,", ",").replace("\\;", ",").replace("\\n", " ").strip()


def query(person: dict[str, str]) -> list[str]:
    """What to look for, the surest first."""
    username = person.get("username")
    given = [
        person.get("phone"),
        person.get("email"),
        f"@{username}" if username else None,
        person.get("inn"),
        person.get("name"),
    ]
    return [one for one in given if one]
