"""The live view: facts of the journal in words, Russian and English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from crm_core.kernel import db
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import using

LINES = """
SELECT e.id, e.type, extract(epoch FROM e.at) AS at, e.data,
  coalesce(c.name, r.person->>'name', r.person->>'phone', '—') AS client, r.source AS asked,
  ch.name AS channel, coalesce(c.name, k.number, '') AS caller,
  m.text, m.kind, split_part(coalesce(who.name, ''), ' ', 1) AS who,
  (SELECT string_agg(split_part(p.name, ' ', 1), ', ') FROM employee p
   WHERE p.id IN (SELECT jsonb_array_elements_text(
     coalesce(e.data->'employee_ids', '[]'))::bigint)) AS people
FROM event e
LEFT JOIN client c ON c.id = e.client_id
LEFT JOIN dialog d ON d.id = e.dialog_id LEFT JOIN channel ch ON ch.id = d.channel_id
LEFT JOIN call k ON k.id = (e.data->>'call_id')::bigint
LEFT JOIN message m ON m.id = (e.data->>'message_id')::bigint
LEFT JOIN request r ON r.id = (e.data->>'request_id')::bigint
LEFT JOIN employee who ON who.id = coalesce((e.data->>'to_employee_id')::bigint,
  (e.data->>'employee_id')::bigint)
WHERE e.id > $1 AND e.type = ANY($2::text[]) ORDER BY e.id DESC LIMIT 60
"""

Say = Callable[[dict[str, Any]], str]


def _received(row: dict[str, Any]) -> str:
    return _("%(client)s writes (%(channel)s): %(text)s") % row


def _offered(row: dict[str, Any]) -> str:
    return _("The dialog with %(client)s is offered to: %(people)s") % row


def _accepted(row: dict[str, Any]) -> str:
    return _("%(who)s has accepted the dialog with %(client)s") % row


def _replied(row: dict[str, Any]) -> str:
    return _("%(who)s answers %(client)s: %(text)s") % row


def _noted(row: dict[str, Any]) -> str:
    return _("%(who)s makes an inner note: %(text)s") % row


def _transferred(row: dict[str, Any]) -> str:
    if row["who"]:
        return _("The dialog with %(client)s is handed over to %(who)s") % row
    return _("The dialog with %(client)s goes back to the queue") % row


def _closed(row: dict[str, Any]) -> str:
    return _("%(who)s has closed the dialog with %(client)s") % row


def _status(row: dict[str, Any]) -> str:
    words = {
        "sent": _("The answer has reached %(client)s"),
        "delivered": _("The answer was delivered to %(client)s"),
        "read": _("%(client)s has read the answer"),
        "failed": _("The answer to %(client)s was not delivered"),
        "unknown": _("Nobody knows whether the answer reached %(client)s"),
    }
    return words.get(row["status"], "") % row


def _snoozed(row: dict[str, Any]) -> str:
    return _("%(who)s has put the dialog with %(client)s off") % row


def _presence(row: dict[str, Any]) -> str:
    words = {
        "on": _("%(who)s is on shift"),
        "away": _("%(who)s is away for a while"),
        "off": _("%(who)s is off shift"),
    }
    return words[row["presence"]] % row


def _rings(row: dict[str, Any]) -> str:
    return _("%(caller)s is calling; it rings at %(who)s") % row


def _speaks(row: dict[str, Any]) -> str:
    return _("%(who)s speaks with %(caller)s") % row


def _hung_up(row: dict[str, Any]) -> str:
    if row["outcome"] == "answered":
        return _("The call is over: %(caller)s, talk %(talk)s") % row
    return _("Nobody spoke with %(caller)s") % row


def _asked(row: dict[str, Any]) -> str:
    row = row | {"asked": _(row["asked"]) if row["asked"] else "—"}
    return _("An application of %(client)s (%(asked)s)") % row


def _asked_of(row: dict[str, Any]) -> str:
    return _("The application of %(client)s is offered to: %(people)s") % row


def _taken(row: dict[str, Any]) -> str:
    return _("%(who)s has accepted the application of %(client)s") % row


SAYINGS: dict[str, tuple[Say, str, str]] = {
    "MessageReceived": (_received, "📥", "client"),
    "DialogOffered": (_offered, "🔔", "system"),
    "DialogAccepted": (_accepted, "🤝", "manager"),
    "ReplyQueued": (_replied, "💬", "manager"),
    "NoteAdded": (_noted, "🔒", "manager"),
    "DialogTransferred": (_transferred, "↪️", "system"),
    "DialogSnoozed": (_snoozed, "💤", "system"),
    "DialogClosed": (_closed, "⚪", "system"),
    "MessageStatusChanged": (_status, "✓", "good"),
    "CallRinging": (_rings, "☎️", "client"),
    "CallAnswered": (_speaks, "📞", "manager"),
    "CallEnded": (_hung_up, "📴", "system"),
    "RequestRegistered": (_asked, "📝", "client"),
    "RequestOffered": (_asked_of, "🔔", "system"),
    "RequestAccepted": (_taken, "🤝", "manager"),
    "PresenceChanged": (_presence, "🟢", "system"),
}


async def lines(after: int) -> list[dict[str, Any]]:
    """Lines of the live view with an id above `after`, oldest first."""
    rows = await db.fetch(LINES, after, list(SAYINGS))
    found = [_line(row) for row in reversed(rows)]
    return [line for line in found if line["text"]["ru"]]


def _line(row: db.Row) -> dict[str, Any]:
    say, icon, tone = SAYINGS[row["type"]]
    facts = dict(row) | orjson.loads(row["data"])
    facts["text"] = _short(facts)
    facts["talk"] = "{}:{:02}".format(*divmod(round(facts.get("talk_seconds") or 0), 60))
    if facts.get("status") in {"failed", "unknown"}:
        icon, tone = "⚠️", "bad"
    return {
        "id": row["id"],
        "at": float(row["at"]),
        "icon": icon,
        "tone": tone,
        "text": {language: _said(say, facts, language) for language in ("ru", "en")},
    }


def _said(say: Say, facts: dict[str, Any], language: str) -> str:
    with using(language):
        return say(facts)


def _short(facts: dict[str, Any]) -> str:
    text = " ".join((facts["text"] or "").split())
    if not text:
        return f"[{facts['kind']}]"
    return text if len(text) <= 90 else f"{text[:89]}…"
