"""JivoSite: events of a chat, messages left while nobody was there, calls. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.leads.body import LeadBody
from channels.leads.values import first, inner, text
from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel.i18n import N_

UTM_NAMES = ("source", "medium", "campaign", "content", "term")
SUBJECTS = {
    "offline_message": N_("Message left in the chat"),
    "call_event": N_("Call from the chat"),
}


def key(data: Mapping[str, Any]) -> str:
    """All events of one chat are one lead, a message left there is another one."""
    event = text(data.get("event_name"))
    if not event:
        message = "no event_name"
        raise ValueError(message)
    names = {"offline_message": ("offline_message_id",), "call_event": ("call_id", "chat_id")}
    number = first(data, *names.get(event, ("chat_id",)))
    if not number:
        message = f"the event {event} has no number of its own"
        raise ValueError(message)
    return f"{event if event in names else 'chat'}:{number}"


def lead(body: LeadBody) -> InboundLead:
    data = body.data
    event, page = text(data.get("event_name")), inner(data, "page")
    call = inner(data, "call")
    said = (
        text(data.get("message")) or _chat(inner(data, "chat")) or text(data.get("plain_messages"))
    )
    session = inner(data, "session")
    return InboundLead(
        external_id=body.id,
        at=body.at,
        source=body.source,
        subject=SUBJECTS.get(event, N_("Chat on the website")),
        sender=_sender(body.id, inner(data, "visitor"), call),
        text=said,
        campaign=_campaign(session),
        visit=text(data.get("chat_id")) or None,
        page=text(page.get("url")) or None,
        recording=text(call.get("record_url")) or None,
        fields=_fields(data, session, call),
    )


def _sender(number: str, visitor: Mapping[str, Any], call: Mapping[str, Any]) -> Sender:
    return Sender(
        external_id=number,
        name=text(visitor.get("name")),
        phone=text(visitor.get("phone")) or text(call.get("phone")) or None,
        email=text(visitor.get("email")) or None,
    )


def _chat(chat: Mapping[str, Any]) -> str:
    """`— visitor's words` and the agent's, a line each."""
    messages = chat.get("messages")
    found = messages if isinstance(messages, list) else []
    return "\n".join(
        f"{'—' if one.get('type') == 'visitor' else '✓'} {said}"
        for one in found
        if isinstance(one, Mapping) and (said := text(one.get("message")))
    )


def _campaign(session: Mapping[str, Any]) -> dict[str, str]:
    """`utm_json`, else `utm`: `utm_source=ya|utm_term=…` or with `&`."""
    marks = inner(session, "utm_json")
    if found := {f"utm_{name}": said for name in UTM_NAMES if (said := text(marks.get(name)))}:
        return found
    pairs = text(session.get("utm")).replace("|", "&").split("&")
    split = [pair.partition("=") for pair in pairs]
    return {name.strip(): said.strip() for name, _, said in split if name.strip() and said.strip()}


def _fields(
    data: Mapping[str, Any], session: Mapping[str, Any], call: Mapping[str, Any]
) -> dict[str, str]:
    city = text(inner(session, "geoip").get("city"))
    found = {
        N_("City"): city,
        N_("Agent"): text(inner(data, "agent").get("name")),
        N_("Note"): text(inner(data, "visitor").get("description")),
        N_("Call"): text(call.get("status")),
    }
    return {label: said for label, said in found.items() if said}
