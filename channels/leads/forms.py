"""Forms of websites: fields under any of their usual names. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from channels.leads.body import LeadBody
from channels.leads.values import MARKS, campaign, text
from crm_core.clients.rules import normalize_email, normalize_phone
from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel.i18n import N_

ALIASES: dict[str, frozenset[str]] = {
    "name": frozenset({"name", "fio", "fullname", "yourname", "username", "имя", "фио", "вашеимя"}),
    "phone": frozenset({"phone", "tel", "telephone", "phonenumber", "yourphone", "телефон"})
    | {"тел", "номертелефона", "вашителефон", "ваштелефон", "вашномер", "mobile"},
    "email": frozenset({"email", "mail", "youremail", "emailaddress", "почта", "емейл"})
    | {"электроннаяпочта", "эпочта"},
    "message": frozenset({"message", "text", "comment", "comments", "question", "yourmessage"})
    | {"сообщение", "комментарий", "вопрос", "текст"},
    "subject": frozenset({"subject", "formname", "formid", "form", "тема", "форма", "title"}),
    "page": frozenset({"page", "url", "pageurl", "referer", "referrer", "страница"}),
    "visit": frozenset({"roistatvisit", "roistat", "visit", "visitid"}),
}
NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases}
HIDDEN = frozenset({"_id", "_origin", "csrf_token", "csrfmiddlewaretoken", "_token", "tranid"})


def plain(name: str) -> str:
    """`Your-Name`, `your_name` and `form[name]` as they are compared."""
    inner = name.rstrip("]").rpartition("[")[2] or name
    return "".join(filter(str.isalnum, inner.lower().replace("ё", "е")))


def sorted_out(data: Mapping[str, Any]) -> dict[str, str]:
    """The known fields by our names; the first of several counts."""
    found: dict[str, str] = {}
    for name, value in data.items():
        if (ours := NAMES.get(plain(name))) and (said := text(value)):
            found.setdefault(ours, said)
    return found


def reachable(data: Mapping[str, Any]) -> bool:
    """Whether the person can be called or written to."""
    known = sorted_out(data)
    phone, email = known.get("phone", ""), known.get("email", "")
    return bool(normalize_phone(phone) or normalize_email(email))


def key(data: Mapping[str, Any]) -> str:
    """The sender's own id of this sending, else what was sent."""
    if given := text(data.get("_id")):
        return f"id:{given}"[:120]
    told = {name: text(value) for name, value in data.items()}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def lead(body: LeadBody) -> InboundLead:
    known = sorted_out(body.data)
    return InboundLead(
        external_id=body.id,
        at=body.at,
        source=body.source,
        subject=known.get("subject") or N_("Application from the website"),
        sender=Sender(
            external_id=body.id,
            name=known.get("name", ""),
            phone=known.get("phone"),
            email=known.get("email"),
        ),
        text=known.get("message", ""),
        campaign=campaign(body.data),
        visit=known.get("visit"),
        page=known.get("page") or text(body.data.get("_origin")) or None,
        fields={
            name: said
            for name, value in body.data.items()
            if not (plain(name) in NAMES or name in HIDDEN or name in MARKS)
            and (said := text(value))
        },
    )
