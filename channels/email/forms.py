"""Mails a site's form sends: told by their template, read into a lead. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.mailforms import rules

NUMBER = re.compile(r"\d[\d\s\xa0]*(?:[.,]\d{1,2})?")


def matching(templates: Mapping[int, dict[str, Any]], told: dict[str, Any]) -> int | None:
    """The number of the template this mail is told by."""
    sender, subject = told["from"]["address"], told["subject"].casefold()
    for number, one in templates.items():
        known = one["sender"]
        fits = not known or sender == known or (known.startswith("@") and sender.endswith(known))
        if fits and one["subject"].casefold() in subject:
            return number
    return None


def lead(body: dict[str, Any], at: datetime) -> InboundLead:
    """The application; ValueError names what the mail lacks."""
    told, place = body["digest"], body["place"]
    template = place["template"]
    found = rules.read(template["template"], told["whole"] or told["text"])
    if found.missing:
        lacking = ", ".join(found.missing)
        message = f"the form “{template['title']}” lacks: {lacking}"
        raise ValueError(message)
    values = found.values
    rest = {key: one for key, one in values.items() if key not in rules.MEANT}
    campaign = {key: rest.pop(key) for key in list(rest) if key.startswith("utm_")}
    return InboundLead(
        external_id=_id(place["form"], values, told),
        at=at,
        source=template["title"],
        subject=values.get("subject") or told["subject"],
        sender=_sender(values),
        text=values.get("text", ""),
        amount=_amount(values.get("amount", "")),
        campaign=campaign,
        page=values.get("page"),
        fields=rest,
    )


def _id(form: int, values: dict[str, str], told: dict[str, Any]) -> str:
    """The site's own number makes a mail that comes again the same application."""
    return f"form{form}:{values.get('id') or told['message_id'] or told['hash']}"[:160]


def _sender(values: dict[str, str]) -> Sender:
    phone, email = values.get("phone"), values.get("email")
    address = re.search(r"[^\s<>]+@[^\s<>]+", email or "")
    clean = address[0].lower() if address else None
    return Sender(
        external_id=clean or phone or values.get("name", "")[:128],
        name=values.get("name") or phone or clean or "",
        phone=phone,
        email=clean,
    )


def _amount(text: str) -> Decimal | None:
    match = NUMBER.search(text)
    with suppress(InvalidOperation):
        return Decimal(re.sub(r"\s", "", match[0]).replace(",", ".")) if match else None
    return None
