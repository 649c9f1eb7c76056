"""UIS and CoMagic: notifications by the template we publish (see README). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.leads.body import LeadBody
from channels.leads.values import UTM, campaign, first, moment, text
from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel.i18n import N_

SUBJECTS = {
    "call": N_("Call"),
    "lost_call": N_("Missed call"),
    "chat": N_("Chat on the website"),
    "offline_message": N_("Application from the website"),
    "goal": N_("Goal reached on the website"),
}
LABELS = {
    N_("Number called"): ("virtual_phone_number", "virtual_number"),
    N_("Scenario"): ("scenario_name",),
    N_("Employee"): ("employee_full_name",),
    N_("Duration, s"): ("talk_duration", "total_duration"),
    N_("Site"): ("site_domain_name", "site"),
    N_("City"): ("visitor_city",),
}


def key(data: Mapping[str, Any]) -> str:
    """The communication; before there is one, the session of the call."""
    number = first(data, "communication_id") or first(data, "call_session_id", "external_id")
    if not number:
        message = "neither communication_id nor call_session_id"
        raise ValueError(message)
    return number


def lead(body: LeadBody) -> InboundLead:
    data = body.data
    name = first(data, "campaign_name", "advertising_campaign", "campaign")
    marks = campaign(data, UTM) | ({"name": name} if name else {})
    return InboundLead(
        external_id=body.id,
        at=moment(first(data, "notification_timestamp", "notification_time", "timestamp"), body.at),
        source=body.source,
        subject=_subject(data),
        sender=Sender(
            external_id=body.id,
            name=first(data, "contact_full_name", "visitor_name"),
            phone=_phone(first(data, "contact_phone_number", "visitor_phone_number")) or None,
            email=first(data, "contact_email", "visitor_email", "email") or None,
        ),
        text=first(data, "message", "text"),
        campaign=marks,
        visit=first(data, "visitor_session_id", "visitor_id") or None,
        page=first(data, "page_url", "entrance_page", "page") or None,
        recording=first(data, "record_link", "full_record_file_link", "call_record_file") or None,
        fields={label: said for label, names in LABELS.items() if (said := first(data, *names))},
    )


def _subject(data: Mapping[str, Any]) -> str:
    kind = first(data, "communication_type").lower()
    told = first(data, "notification_mnemonic").lower()
    if kind in {"", "call"} and (
        "lost" in told or text(data.get("is_lost")).lower() in {"1", "true"}
    ):
        kind = "lost_call"
    return SUBJECTS.get(kind or "call", N_("Application"))


def _phone(number: str) -> str:
    """They write it without a plus: 79123456789."""
    return f"+{number}" if number.isdigit() and len(number) > 10 else number
