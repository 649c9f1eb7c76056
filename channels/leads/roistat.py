"""Roistat: leads it pushes by GET, with the number of the visit and the marker. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from channels.leads.body import LeadBody
from channels.leads.values import MARKS, campaign, first, moment, text
from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel.i18n import N_

KNOWN = frozenset(
    {"id", "visit", "visit_id", "roistat", "title", "text", "comment", "name", "phone", "email"}
    | {"data", "fields", "created_date", "date", "marker", "roistat_marker", "source", "user"}
    | {"token", "page", "url", "referrer", "landing_page", *MARKS}
)


def key(data: Mapping[str, Any]) -> str:
    number = first(data, "id")
    if not number:
        message = "no id of the lead"
        raise ValueError(message)
    return number


def lead(body: LeadBody) -> InboundLead:
    data = {**_more(body.data), **body.data}
    marker = first(data, "marker", "roistat_marker", "source")
    marks = campaign(data) | ({"marker": marker} if marker else {})
    return InboundLead(
        external_id=body.id,
        at=moment(first(data, "created_date", "date"), body.at),
        source=body.source,
        subject=first(data, "title") or N_("Application"),
        sender=Sender(
            external_id=body.id,
            name=first(data, "name"),
            phone=first(data, "phone") or None,
            email=first(data, "email") or None,
        ),
        text=first(data, "text", "comment"),
        campaign=marks,
        visit=first(data, "visit", "visit_id", "roistat") or None,
        page=first(data, "page", "url", "landing_page") or None,
        fields={
            name: said
            for name, value in data.items()
            if name not in KNOWN and (said := text(value))
        },
    )


def _more(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` (or `fields`): further fields as JSON inside a parameter."""
    found: dict[str, Any] = {}
    for name in ("data", "fields"):
        given = data.get(name)
        try:
            given = orjson.loads(given) if isinstance(given, str) else given
        except orjson.JSONDecodeError:
            given = {name + "_": given}
        if isinstance(given, Mapping):
            found |= given
    return found
