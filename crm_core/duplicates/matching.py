"""The one matching service: who a card, or somebody not written down yet, may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.clients.rules import ContactKind
from crm_core.duplicates import candidates, records
from crm_core.duplicates.mails import box
from crm_core.duplicates.reasons import Match, Reason, Why
from crm_core.duplicates.rules import Compared, compare, hopeless
from crm_core.kernel import db


@dataclass(frozen=True, slots=True)
class Twin:
    """Another live card, and how sure it is that it is the same client."""

    client_id: int
    match: Match


async def of_clients(client_ids: Sequence[int], *, older: bool = False) -> dict[int, list[Twin]]:
    """The likely twins of live cards, the surest first; cards merged away are left out.

    With `older` only among cards that were made before: whoever asks for all meets each pair once.
    """
    loaded = await records.load(client_ids)
    found = await _twins(list(loaded.values()), older=older)
    return dict(zip(loaded, found, strict=True))


async def of_person(person: Compared) -> list[Twin]:
    """Cards somebody may already have, the surest first."""
    return (await _twins([person]))[0]


async def _twins(asked: Sequence[Compared], *, older: bool = False) -> list[list[Twin]]:
    async with db.transaction():
        near = await candidates.find(asked, older=older)
        others = await records.load({one for ids in near.values() for one in ids})
    return [
        _ranked(one, [others[other] for other in near.get(place, ()) if other in others])
        for place, one in enumerate(asked)
    ]


def _ranked(one: Compared, others: Sequence[Compared]) -> list[Twin]:
    """What shares a contact or is likely; the rest was only worth a look."""
    twins = [Twin(other.id, compare(one, other)) for other in others if not hopeless(one, other)]
    kept = [twin for twin in twins if twin.match.likely or twin.match.touches]
    return sorted(kept, key=lambda twin: (-twin.match.score, twin.client_id))


def key_of(kind: ContactKind, value: str) -> str:
    """The key of the reason a shared contact of this kind is; empty for one that is none."""
    if kind is ContactKind.PHONE:
        return Why(Reason.PHONE, value).key
    if kind is ContactKind.EMAIL:
        return Why(Reason.MAIL, box(value)).key
    inn = records.inn_among([value])
    return Why(Reason.INN, inn).key if inn else ""


async def rescored(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Match]:
    """Pairs of live cards compared anew."""
    loaded = await records.load({one for pair in pairs for one in pair})
    return {
        pair: compare(loaded[pair[0]], loaded[pair[1]])
        for pair in pairs
        if pair[0] in loaded and pair[1] in loaded
    }
