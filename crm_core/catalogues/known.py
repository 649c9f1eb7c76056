"""Catalogues the code itself knows by key; each is there with its usual items from first use."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.catalogues.shapes import Impact, Kind
from crm_core.kernel import db
from crm_core.kernel.i18n import N_

REJECT_REASON, CLIENT_GROUP, ADVERTISING = "reject_reason", "client_group", "advertising_channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`usual` items are kept in English, so that reports add them up, and shown by `gettext`.

    `least` and `most`: how many items must and may stand. `by_title`: records keep the title, so
    its items are archived, never deleted.
    """

    title: str
    kind: Kind
    classifies: bool = False
    usual: tuple[tuple[str, Impact | None], ...] = ()
    least: int = 0
    most: int = 0
    by_title: bool = False


REASONS = (
    N_("Spam"),
    N_("Not what we do"),
    N_("Duplicate"),
    N_("Can't be reached"),
    N_("Changed their mind"),
)
CHANNELS = (
    (N_("Online advertising"), Impact.ONLINE),
    (N_("Own search"), Impact.SEARCH),
    (N_("Recommendation"), Impact.RECOMMENDATION),
    (N_("Exhibitions"), Impact.EXHIBITION),
    (N_("Outdoor advertising"), Impact.OUTDOOR),
    (N_("Mailings"), Impact.MAILING),
    (N_("Cold calls"), Impact.COLD_CALL),
    (N_("Other"), Impact.OTHER),
)
KNOWN = {
    CLIENT_GROUP: Known(title=N_("Client groups"), kind=Kind.ITEMS, classifies=True),
    ADVERTISING: Known(title=N_("Advertising channels"), kind=Kind.GROUPS, usual=CHANNELS),
    REJECT_REASON: Known(
        title=N_("Reasons of rejection"),
        kind=Kind.FLAT,
        usual=tuple((one, None) for one in REASONS),
        least=1,
        most=30,
        by_title=True,
    ),
}

FIND = "SELECT id FROM catalogue WHERE key = $1"
# Of two that come first together one makes it, and the other waits and finds it.
MAKE = """
INSERT INTO catalogue (key, title, kind, classifies) VALUES ($1, $2, $3, $4)
ON CONFLICT (key) DO NOTHING RETURNING id
"""
FILL = """
INSERT INTO catalogue_item (catalogue_id, title, impact, position)
SELECT $1, u.title, u.impact, u.place
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS u(title, impact, place)
"""


async def known(key: str) -> int:
    """The id of a catalogue by its key; made with its usual items when it is not there yet."""
    found: int | None = await db.fetchval(FIND, key)
    return found if found is not None else await db.atomically(lambda: _make(key))


async def _make(key: str) -> int:
    one = KNOWN[key]
    made: int | None = await db.fetchval(MAKE, key, one.title, one.kind.value, one.classifies)
    if made is None:
        there: int = await db.fetchval(FIND, key)
        return there
    titles = [title for title, _impact in one.usual]
    await db.execute(FILL, made, titles, [impact for _title, impact in one.usual])
    return made


async def all_known() -> None:
    """Every catalogue the code knows is there."""
    for key in KNOWN:
        await known(key)
