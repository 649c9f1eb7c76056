"""Cards as duplicates see them, loaded many at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crm_core.clients.rules import ContactKind, normalize_email, normalize_phone
from crm_core.dialogs import capabilities
from crm_core.duplicates.rules import Compared
from crm_core.kernel import db

# `to_jsonb` reads a column of the card by name, also one that an older table does not have.
RECORDS = """
SELECT c.id, c.kind, c.name,
  (SELECT nullif(r.inn, '') FROM client_requisites r WHERE r.client_id = c.id) AS inn,
  (SELECT array_agg(p.kind || ' ' || p.value) FROM contact_point p
   WHERE p.client_id = c.id) AS points,
  (SELECT array_agg(h.kind || ':' || i.external_id) FROM identity i
   JOIN channel h ON h.id = i.channel_id WHERE i.client_id = c.id) AS accounts
FROM client c WHERE c.id = ANY($1::bigint[]) AND c.merged_into_id IS NULL
"""
_COMPANY, _PERSON = (2, 4, 10, 3, 5, 9, 4, 6, 8), (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN = re.compile(r"(?<!\d)(?:\d{12}|\d{10})(?!\d)")


async def load(client_ids: Iterable[int]) -> dict[int, Compared]:
    """The live cards among these, by id."""
    rows = await db.fetch(RECORDS, sorted(set(client_ids)))
    return {row["id"]: _record(row) for row in rows}


def _record(row: db.Row) -> Compared:
    points = [one.split(" ", 1) for one in row["points"] or ()]
    accounts = [one.split(":", 1) for one in row["accounts"] or ()]
    # Where a mail address or a number is the chat itself, it is a contact like any other.
    values = [value for _, value in accounts]
    given: dict[str, set[str]] = {}
    for kind, value in points:
        given.setdefault(kind, set()).add(value)
    phones = given.get(ContactKind.PHONE, set()) | set(filter(is_phone, values))
    mails = given.get(ContactKind.EMAIL, set()) | set(filter(is_mail, values))
    return Compared(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        phones=frozenset(phones),
        mails=frozenset(mails),
        accounts=frozenset(f"{kind}:{value}" for kind, value in accounts if _same_ids(kind)),
        inn=row["inn"] or inn_among(sorted(given.get(ContactKind.OTHER, ()))),
    )


def of_person(
    name: str, *, kind: str = "person", phone: str = "", email: str = "", inn: str = ""
) -> Compared:
    """Somebody not written down yet: what is no real phone or address is left out."""
    phones = {normalize_phone(phone)} - {None}
    mails = {normalize_email(email)} - {None}
    return Compared(
        kind=kind,
        name=name,
        phones=frozenset(one for one in phones if one),
        mails=frozenset(one for one in mails if one),
        inn=inn_among([inn]),
    )


def is_phone(value: str) -> bool:
    """Whether an identity's external id is a number in E.164."""
    return value.startswith("+") and value[1:].isdecimal()


def is_mail(value: str) -> bool:
    """Whether an identity's external id is a mail address."""
    return "@" in value


def inn_among(texts: Sequence[str]) -> str | None:
    """The first taxpayer number with right check digits in these texts."""
    return next((one for text in texts for one in _INN.findall(text) if is_inn(one)), None)


def is_inn(digits: str) -> bool:
    """Check digits of a Russian INN: one for companies (10), two for people (12)."""
    rows: tuple[tuple[int, ...], ...] = (_PERSON, (3, *_PERSON))
    if len(digits) == 10:
        rows = (_COMPANY,)
    figures = [int(one) for one in digits]
    return all(
        sum(w * d for w, d in zip(row, figures, strict=False)) % 11 % 10 == figures[len(row)]
        for row in rows
    )


def _same_ids(kind: str) -> bool:
    try:
        return capabilities.of(kind).same_ids
    except KeyError:
        return False
