"""A voice bot's reports in the books: the recording as a kept file, the call as a request."""

from __future__ import annotations

import hashlib

from crm_core.clients.rules import normalize_phone
from crm_core.files.store import Stored, store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.i18n import N_, _
from crm_core.requests.commands import register
from crm_core.requests.shapes import About, Origin, Person, Track
from telephony.voicebot.incoming import End
from telephony.voicebot.report import Report

KNOWN = """
SELECT c.name FROM contact_point p JOIN client c ON c.id = p.client_id
WHERE p.kind = 'phone' AND p.value = $1 AND c.merged_into_id IS NULL LIMIT 2
"""
KEEP = "INSERT INTO stored_file (sha, size, mime) VALUES ($1, $2, $3) ON CONFLICT (sha) DO NOTHING"
SUBJECTS = {
    "busy": N_("Call while everybody was busy"),
    "closed": N_("Call after hours"),
    "any": N_("Call to the voice bot"),
}


class Books:
    """Where reports go."""

    async def known(self, number: str) -> str:
        """The name of the one client who has this number."""
        phone = normalize_phone(number)
        rows = await db.fetch(KNOWN, phone) if phone else []
        return str(rows[0]["name"]) if len(rows) == 1 else ""

    async def take(self, report: Report, recording: bytes) -> None:
        if not wanted(report):
            return
        kept = await store().put_bytes(recording)
        await db.atomically(lambda: _register(report, kept))


def wanted(report: Report) -> bool:
    """Whom people talked to, or who declined, needs no request; who hung up does."""
    return report.end is not End.MOVED and report.slots.agreed is not False


async def _register(report: Report, kept: Stored) -> None:
    slots, call = report.slots, report.call
    await db.execute(KEEP, kept.sha, kept.size, kept.mime)
    key = hashlib.sha256(call.id.encode()).hexdigest()[:40]
    await register(
        SYSTEM,
        origin=Origin(
            kind="call",
            source=_("Voice bot"),
            key=f"voicebot:{report.bot_id}:{key}",
            at=report.began,
            track=Track(recording=f"file:{kept.sha}"),
        ),
        person=Person(name=slots.name or call.name, phone=slots.number or call.number),
        about=About(
            subject=slots.topic or slots.words[:200] or _(SUBJECTS[call.reason]),
            text=transcript(report),
            details=details(report),
        ),
    )


def transcript(report: Report) -> str:
    """`0:05 Client: yes`, line by line."""
    names = {"bot": _("Bot"), "caller": _("Client")}
    return "\n".join(
        f"{int(line.at) // 60}:{int(line.at) % 60:02} {names[line.who]}: {line.text}"
        for line in report.transcript
    )


def details(report: Report) -> dict[str, str]:
    found = {
        _("Called from"): report.call.number,
        _("Number called"): report.call.dialled,
        _("Call back"): f"{report.slots.when:%d.%m.%Y %H:%M}" if report.slots.when else "",
        _("PBX call"): report.call.ref,
    }
    return {label: value for label, value in found.items() if value}
