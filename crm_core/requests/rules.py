"""Pure rules of requests: what more news of a known one changes, normal forms of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_core.clients.rules import normalize_email, normalize_phone
from crm_core.requests.shapes import About, Person, Track

OPEN = ("new", "accepted")
MERGED = frozenset({"person", "campaign", "details"})


def person_data(person: Person) -> dict[str, str]:
    """What is known of the person; phone and address in normal form where they have one."""
    found = {
        **person.model_dump(),
        "phone": normalize_phone(person.phone) or person.phone,
        "email": normalize_email(person.email) or person.email,
    }
    return {name: value for name, value in found.items() if value}


def columns(person: Person | None, about: About | None, track: Track) -> dict[str, Any]:
    """What a source tells, by column; absent or empty things are left out."""
    about = about or About()
    found: dict[str, Any] = {
        "person": person_data(person or Person()),
        "subject": about.subject,
        "text": about.text,
        "items": [one.model_dump(mode="json", exclude_none=True) for one in about.items],
        "amount": about.amount,
        "currency": about.currency,
        "details": about.details,
        **track.model_dump(),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def changed(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that news of a known request changes; nothing is ever emptied by it."""
    found = {name: known[name] | value if name in MERGED else value for name, value in told.items()}
    return {name: value for name, value in found.items() if known[name] != value}
