"""Threads in the database: where mails belong, and what the next mail of a thread needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from channels.email import ids, placing, threading
from channels.email.placing import Known
from crm_core.kernel import db
from crm_core.mailforms.queries import templates

REFS = """
SELECT r.external_id, d.chat, m.direction, coalesce(m.extra->'mail'->>'hash', '') AS hash
FROM message_ref r JOIN message m ON m.id = r.message_id JOIN dialog d ON d.id = m.dialog_id
WHERE r.channel_id = $1 AND r.external_id = ANY($2::text[])
"""
# The same person and the same subject, the latest.
SUBJECTS = """
SELECT DISTINCT ON (i.external_id, m.extra->'mail'->>'key')
  i.external_id AS person, m.extra->'mail'->>'key' AS key, d.chat
FROM identity i JOIN dialog d ON d.identity_id = i.id AND d.channel_id = i.channel_id
JOIN message m ON m.dialog_id = d.id
WHERE i.channel_id = $1 AND i.external_id = ANY($2::text[])
  AND m.extra->'mail'->>'key' = ANY($3::text[])
ORDER BY i.external_id, m.extra->'mail'->>'key', m.at DESC
"""
STAFF = "SELECT id, lower(email) AS email FROM employee WHERE active AND email IS NOT NULL"
MAILBOXES = """
SELECT lower(config->>'address') AS address, config->'aliases' AS aliases FROM channel
WHERE kind = (SELECT kind FROM channel WHERE id = $1)
"""


async def placed(channel_id: int, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bodies with their `place`, in their order; a mail may answer an earlier one of them.

    Raises only when the database is away. Bodies without a digest come back as they are.
    """
    read = [body for body in bodies if body.get("digest")]
    known = await _known(channel_id, read) if read else Known()
    return [
        body | {"place": placing.place(body, known)} if body.get("digest") else body
        for body in bodies
    ]


async def _known(channel_id: int, bodies: Sequence[dict[str, Any]]) -> Known:
    own = frozenset(one.lower() for body in bodies for one in body.get("own") or ())
    known = Known(
        staff={row["email"]: row["id"] for row in await db.fetch(STAFF)},
        mailboxes=own | await _mailboxes(channel_id),
        forms=await templates(channel_id),
    )
    wanted = sorted({one for body in bodies for one in _ids(body["digest"])})
    for row in await db.fetch(REFS, channel_id, wanted):
        known.refs[row["external_id"]] = (row["chat"], row["hash"], row["direction"])
    people, keys = _weak(bodies)
    if people:
        for row in await db.fetch(SUBJECTS, channel_id, people, keys):
            known.subjects[row["person"], row["key"]] = row["chat"]
    return known


def _ids(told: dict[str, Any]) -> list[str]:
    inner, report = told["forwarded"] or {}, told["bounce"] or {}
    return [
        threading.external_id(told),
        *threading.candidates(told),
        *report.get("ids", ()),
        *filter(None, [inner.get("message_id"), *inner.get("references", ())]),
    ]


def _weak(bodies: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """People and subjects of mails that have nothing better to go by."""
    people: set[str] = set()
    keys: set[str] = set()
    for told in (body["digest"] for body in bodies):
        inner = told["forwarded"]
        if threading.is_answer(told["subject"]) or inner:
            people |= {told["from"]["address"], *(one["address"] for one in told["to"])}
            keys.add(threading.subject_key(told["subject"]))
        if inner:
            people |= {inner["from"]["address"], *(one["address"] for one in inner["to"])}
            keys.add(threading.subject_key(inner["subject"]))
    return sorted(people - {""}), sorted(keys - {""})


async def _mailboxes(channel_id: int) -> frozenset[str]:
    found: set[str] = set()
    for row in await db.fetch(MAILBOXES, channel_id):
        aliases = orjson.loads(row["aliases"] or "[]")
        named = aliases.split(",") if isinstance(aliases, str) else aliases
        found |= {row["address"] or "", *(str(one).strip().lower() for one in named)}
    return frozenset(one for one in found if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What the next mail of a thread needs.

    `last` is the latest mail of the client, `words` what it says and `at` when; `chain` the ids
    from the first to the latest; `person` is the client's address; `subject` without prefixes.
    """

    person: str
    name: str = ""
    subject: str = ""
    begun: bool = False
    chain: tuple[str, ...] = ()
    last: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    at: datetime | None = None


THREAD = """
SELECT i.external_id AS person, i.name FROM dialog d JOIN identity i ON i.id = d.identity_id
WHERE d.channel_id = $1 AND d.chat = $2 ORDER BY d.id DESC LIMIT 1
"""
MAILS = """
SELECT m.direction, m.extra->'mail' AS mail, m.text, m.at,
  (SELECT r.external_id FROM message_ref r WHERE r.message_id = m.id AND r.channel_id = $1
   ORDER BY r.id LIMIT 1) AS id
FROM message m JOIN dialog d ON d.id = m.dialog_id
WHERE d.channel_id = $1 AND d.chat = $2 AND m.direction IN ('in', 'out')
ORDER BY m.at DESC, m.id DESC LIMIT 100
"""


async def thread(channel_id: int, chat: str) -> Thread | None:
    """A thread as it stands; None for an unknown chat."""
    row = await db.fetchrow(THREAD, channel_id, chat)
    if row is None:
        return None
    mails = [one for one in reversed(await db.fetch(MAILS, channel_id, chat)) if one["id"]]
    facts = [orjson.loads(one["mail"] or "{}") for one in mails]
    place = next((n for n in reversed(range(len(mails))) if mails[n]["direction"] == "in"), None)
    last = {} if place is None else facts[place]
    told = next((mail["subject"] for mail in facts if mail.get("subject")), "")
    chain = [*last.get("references", ()), *(one["id"] for one in mails)]
    return Thread(
        person=row["person"],
        name=row["name"],
        subject=threading.bare_subject(last.get("subject") or told),
        begun=bool(mails),
        chain=tuple(dict.fromkeys(ids.external(one) for one in chain)),
        last=last,
        words="" if place is None else _words(mails[place]["text"], last),
        at=None if place is None else mails[place]["at"],
    )


def _words(text: str, mail: dict[str, Any]) -> str:
    """What the client wrote, without the subject we show above it."""
    return str(mail.get("whole") or text.removeprefix(mail.get("subject", "")).strip())
