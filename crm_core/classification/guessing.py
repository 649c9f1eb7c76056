"""Which channel of advertising the marks of a link tell of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_core.catalogues.shapes import Impact, Item
from crm_core.catalogues.tree import Tree

LONGEST = 200
# By `utm_medium`; whoever marks a link otherwise has placed it online.
MEDIA: dict[str, Impact] = {
    **dict.fromkeys(("email", "e-mail", "newsletter", "mail", "sms", "push"), Impact.MAILING),
    **dict.fromkeys(("organic", "search"), Impact.SEARCH),
    **dict.fromkeys(("outdoor", "offline", "billboard", "qr", "print"), Impact.OUTDOOR),
    **dict.fromkeys(("exhibition", "expo", "event"), Impact.EXHIBITION),
}
PLACES = ("utm_source", "utm_medium")
NAMES = ("utm_campaign", "name", "marker", "utm_content", "utm_term")
CLICKS = ("gclid", "yclid", "fbclid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """`places`: words an item's code may be; `source` as people read it."""

    impact: Impact
    places: tuple[str, ...]
    source: str


def guess(campaign: Mapping[str, str]) -> Guess | None:
    """What a request's campaign says; None when its marks say nothing of advertising."""
    told = {name: value.strip() for name, value in campaign.items() if value.strip()}
    if not any(name in told for name in (*PLACES, *NAMES, *CLICKS)):
        return None
    medium = told.get("utm_medium", "").casefold()
    named = next((told[name] for name in NAMES if name in told), "")
    whence = told.get("utm_source") or told.get("utm_medium", "")
    return Guess(
        impact=MEDIA.get(medium, Impact.ONLINE),
        places=tuple(told[name].casefold() for name in PLACES if name in told),
        source=" / ".join(filter(None, (whence, named)))[:LONGEST],
    )


def channel(tree: Tree, meant: Guess) -> Item | None:
    """The item whose code is the place, else the first one of that impact."""
    offered = [one for one in tree.walk() if not one.group and tree.stands(one.id)]
    for place in meant.places:
        for one in offered:
            if one.code and one.code.casefold() == place:
                return one
    return next((one for one in offered if one.impact == meant.impact), None)
