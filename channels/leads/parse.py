"""Stored body of a call → the lead it means. Pure; malformed bodies raise ValueError."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.leads import calls, forms, jivosite, roistat
from channels.leads.body import LeadBody
from channels.leads.config import Service
from crm_core.dialogs.messages import InboundEvent, InboundLead


@dataclass(frozen=True, slots=True)
class Reader:
    """How one service is read: its title (none: the account's name), the lead's own id
    (ValueError), the lead."""

    title: str
    key: Callable[[Mapping[str, Any]], str]
    lead: Callable[[LeadBody], InboundLead]


READERS: dict[Service, Reader] = {
    "form": Reader("", forms.key, forms.lead),
    "jivosite": Reader("JivoSite", jivosite.key, jivosite.lead),
    "roistat": Reader("Roistat", roistat.key, roistat.lead),
    "uis": Reader("UIS", calls.key, calls.lead),
    "comagic": Reader("CoMagic", calls.key, calls.lead),
}


def parse(body: dict[str, Any]) -> list[InboundEvent]:
    """The one lead a body stands for."""
    found = LeadBody.model_validate(body)
    return [READERS[found.service].lead(found)]
