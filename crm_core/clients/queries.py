"""Reading clients: search that decides by itself what was typed, the card, one's own clients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_core.clients import details, messengers
from crm_core.clients import search as names
from crm_core.clients.access import readable, require_read
from crm_core.clients.contactkinds import MESSENGERS, ContactKind
from crm_core.clients.links import COMPANY, Member, companies_of
from crm_core.clients.locking import live
from crm_core.clients.messengers import normalize_messenger, recognized
from crm_core.clients.phones import display_phone, normalize_phone
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right

_PHONE = re.compile(r"[+(]?\d[\d\s().+–—-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A client in a list. `contact` is the first phone or address, `company` where a contact
    person belongs, `mark` the status's colour, `percent` how full the card is."""

    id: int
    kind: str
    name: str
    manager_name: str | None
    contact: str | None
    touched_at: datetime
    company: str | None = None
    mark: str | None = None
    percent: int | None = None


async def search(viewer: Actor, text: str, *, limit: int = 20, offset: int = 0) -> list[Found]:
    """Clients meant by a name, a phone or its last digits, a mail address, `@username` or another
    messenger's link, an INN or OGRN.

    Best first, at most 200 in all; cards folded into others, or not for this person's eyes, are
    never shown. Not for use inside a command: it changes the planner's settings until the
    transaction ends.
    """
    viewer.require(Right.CLIENT_READ)
    async with db.searching():
        ids = await _meant(text.strip())
    ids = await readable(viewer, ids)
    return await found(ids[offset : offset + limit])


async def _meant(text: str) -> list[int]:
    if text.startswith("@"):
        return await _by_messenger(text[1:].lower(), sorted(MESSENGERS))
    if (kind := recognized(text)) in MESSENGERS:
        return await _by_messenger(normalize_messenger(kind, text) or "", [kind])
    if "@" in text:
        return await _ids(BY_EMAIL, _like(text.lower()) + "%", names.DEPTH)
    digits = "".join(filter(str.isdigit, text))
    if details.is_number(text) and (ids := await details.by_number(text, names.DEPTH)):
        return list(dict.fromkeys(ids + await _by_phone(text, digits)))
    if len(digits) >= 4 and _PHONE.fullmatch(text) and (ids := await _by_phone(text, digits)):
        return ids
    return await names.by_name(text)


# What is written on the card, then whoever has called themselves so in a channel.
BY_MESSENGER = """
SELECT id FROM (
  SELECT p.client_id AS id, 0 AS rank FROM contact_point p
  WHERE p.value = $1 AND p.kind = ANY($2::text[])
  UNION ALL
  SELECT i.client_id, 1 FROM identity i WHERE lower(i.username) = $1) found
WHERE EXISTS (SELECT 1 FROM client c WHERE c.id = found.id AND c.merged_into_id IS NULL)
ORDER BY rank LIMIT $3
"""


async def _by_messenger(name: str, kinds: Sequence[str]) -> list[int]:
    """`@name` may be of any messenger, a link is of its own."""
    return await _ids(BY_MESSENGER, name, kinds, names.DEPTH)


BY_EMAIL = """
SELECT p.client_id AS id FROM contact_point p JOIN client c ON c.id = p.client_id
WHERE p.kind = 'email' AND p.value LIKE $1 AND c.merged_into_id IS NULL
ORDER BY length(p.value), c.touched_at DESC LIMIT $2
"""
BY_PHONE = """
SELECT p.client_id AS id FROM contact_point p JOIN client c ON c.id = p.client_id
WHERE p.kind = 'phone' AND p.value = $1 AND c.merged_into_id IS NULL
ORDER BY c.touched_at DESC LIMIT $2
"""
# Trigrams make this cheap from three digits on; numbers that end so come first.
BY_DIGITS = """
SELECT id FROM (
  SELECT p.client_id AS id, p.value, c.touched_at
  FROM contact_point p JOIN client c ON c.id = p.client_id
  WHERE p.kind = 'phone' AND p.value LIKE ANY($1::text[]) AND c.merged_into_id IS NULL
  LIMIT $3) near
ORDER BY value LIKE $2 DESC, touched_at DESC
"""


async def _by_phone(text: str, digits: str) -> list[int]:
    """The very number; else numbers that end with, begin with or hold the digits."""
    number = normalize_phone(text)
    if number and (ids := await _ids(BY_PHONE, number, names.DEPTH)):
        return ids
    ends = await _ids(BY_DIGITS, [f"%{digits}"], f"%{digits}", names.DEPTH)
    if len(ends) >= names.PAGE:
        return ends
    patterns = [f"%{digits}%"]
    if digits[0] == "8":  # inside the country people begin with 8 what is stored as +7
        patterns.append(f"%7{digits[1:]}%")
    return ends + [
        one for one in await _ids(BY_DIGITS, patterns, "", names.DEPTH) if one not in ends
    ]


async def _ids(sql: str, *args: object) -> list[int]:
    return list(dict.fromkeys(row["id"] for row in await db.fetch(sql, *args)))


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


FOUND = f"""
SELECT c.id, c.kind, c.name, e.name AS manager_name, c.touched_at, s.mark, c.percent,
  (SELECT p.value FROM contact_point p WHERE p.client_id = c.id
   ORDER BY p.kind = 'phone' DESC, p.preferred DESC, p.id LIMIT 1) AS contact,
  {COMPANY.format(client="c")} AS company
FROM unnest($1::bigint[]) WITH ORDINALITY AS w(id, place)
JOIN client c ON c.id = w.id LEFT JOIN employee e ON e.id = c.manager_id
LEFT JOIN client_status s ON s.id = c.status_id
ORDER BY w.place
"""


async def found(ids: Sequence[int]) -> list[Found]:
    """These cards as lists show them, in this order; unknown ones are left out."""
    return [Found(**row) for row in await db.fetch(FOUND, ids)] if ids else []


MINE = """
SELECT id, count(*) OVER () AS total FROM client
WHERE manager_id = $1 AND merged_into_id IS NULL ORDER BY touched_at DESC, id LIMIT $2 OFFSET $3
"""


async def my_clients(
    employee_id: int, *, limit: int = 7, offset: int = 0
) -> tuple[list[Found], int]:
    """A page of the clients somebody looks after, the latest first, and how many there are."""
    rows = await db.fetch(MINE, employee_id, limit, offset)
    return await found([row["id"] for row in rows]), rows[0]["total"] if rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    id: int
    kind: str
    value: str
    label: str = ""
    preferred: bool = False

    @property
    def shown(self) -> str:
        """As people read it."""
        if self.value.startswith("+") and self.kind != ContactKind.OTHER:
            return display_phone(self.value)
        return messengers.shown(self.kind, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """The client as one channel account knows them."""

    id: int
    channel_id: int
    channel_kind: str
    channel_name: str
    external_id: str
    name: str
    username: str | None
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    id: int
    author_name: str | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDialog:
    """A dialog that is not closed."""

    id: int
    state: str
    channel_kind: str
    channel_name: str
    assignee_name: str | None
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A card folded into this one; `merge_id` undoes it."""

    merge_id: int
    gone_id: int
    gone_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCard:
    """Everything the card shows. `notes` are the latest five; `counts` has messages, dialogs,
    notes, files. A person has `companies`, a company so many `people` and perhaps a main one."""

    id: int
    kind: str
    name: str
    manager_id: int | None
    manager_name: str | None
    created_at: datetime
    contacts: tuple[ContactView, ...]
    identities: tuple[IdentityView, ...]
    notes: tuple[NoteView, ...]
    dialogs: tuple[LiveDialog, ...]
    merges: tuple[Folded, ...]
    counts: dict[str, int]
    companies: tuple[Member, ...] = ()
    people: int = 0
    main_person: str | None = None


CARD = """
SELECT c.id, c.kind, c.name, c.manager_id, e.name AS manager_name, c.created_at,
  (SELECT count(*) FROM client_link l JOIN client o ON o.id = l.person_id
   WHERE l.company_id = c.id AND l.until IS NULL AND o.merged_into_id IS NULL) AS people,
  (SELECT o.name FROM client_link l JOIN client o ON o.id = l.person_id
   WHERE l.company_id = c.id AND l.is_main AND o.merged_into_id IS NULL) AS main_person
FROM client c LEFT JOIN employee e ON e.id = c.manager_id WHERE c.id = $1
"""
# Phones, messengers, the rest, mail: in the order people reach for them.
CONTACTS = """
SELECT id, kind, value, label, preferred FROM contact_point WHERE client_id = $1
ORDER BY array_position(ARRAY['phone', 'telegram', 'vk', 'viber', 'other', 'email'], kind),
  preferred DESC, id
"""
IDENTITIES = """
SELECT i.id, i.channel_id, c.kind AS channel_kind, c.name AS channel_name, i.external_id, i.name,
  i.username, i.reachable
FROM identity i JOIN channel c ON c.id = i.channel_id WHERE i.client_id = $1 ORDER BY i.id
"""
NOTES = """
SELECT n.id, e.name AS author_name, n.text, n.at
FROM client_note n LEFT JOIN employee e ON e.id = n.author_id
WHERE n.client_id = $1 ORDER BY n.at DESC, n.id DESC LIMIT 5
"""
DIALOGS = """
SELECT d.id, d.state, c.kind AS channel_kind, c.name AS channel_name, e.name AS assignee_name,
  d.last_at
FROM dialog d JOIN channel c ON c.id = d.channel_id LEFT JOIN employee e ON e.id = d.assignee_id
WHERE d.client_id = $1 AND d.state <> 'closed' ORDER BY d.last_at DESC, d.id DESC
"""
MERGES = """
SELECT m.id AS merge_id, m.gone_id, c.name AS gone_name, m.at
FROM client_merge m JOIN client c ON c.id = m.gone_id
WHERE m.kept_id = $1 AND m.undone_at IS NULL ORDER BY m.id DESC
"""
COUNTS = """
SELECT (SELECT count(*) FROM message WHERE client_id = $1) AS messages,
  (SELECT count(*) FROM dialog WHERE client_id = $1) AS dialogs,
  (SELECT count(*) FROM client_note WHERE client_id = $1) AS notes,
  (SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id
   WHERE m.client_id = $1) AS files
"""


async def card(viewer: Actor, client_id: int) -> ClientCard:
    """A client's card; of a card folded into another one, that other card. NotFound, Forbidden."""
    viewer.require(Right.CLIENT_READ)
    stands = await live(client_id)
    await require_read(viewer, stands)
    base = await db.fetchrow(CARD, stands)
    counts = await db.fetchrow(COUNTS, stands)
    return ClientCard(
        **dict(base or {}),
        contacts=tuple(ContactView(**row) for row in await db.fetch(CONTACTS, stands)),
        identities=tuple(IdentityView(**row) for row in await db.fetch(IDENTITIES, stands)),
        notes=tuple(NoteView(**row) for row in await db.fetch(NOTES, stands)),
        dialogs=tuple(LiveDialog(**row) for row in await db.fetch(DIALOGS, stands)),
        merges=tuple(Folded(**row) for row in await db.fetch(MERGES, stands)),
        counts=dict(counts or {}),
        companies=tuple(await companies_of(stands)),
    )
