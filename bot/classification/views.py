"""What a client is: one screen, and items of a catalogue to mark. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold

from bot.catalogues.lists import place, sides
from bot.catalogues.presses import BranchPress
from bot.classification.presses import ClassPress, InterestPress, PickPress
from bot.clients.cards import name_of, to_card
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import moment
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.queries import Listed
from crm_core.catalogues.shapes import Item
from crm_core.classification.queries import Classified, InterestView, ItemView
from crm_core.clients.queries import ClientCard
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _

PAGE, CATALOGUES, LINES, LINE = 7, 6, 7, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A card and all it is classified by, before its viewer."""

    card: ClientCard
    found: Classified
    catalogues: Sequence[Listed]
    viewer: Actor
    back: str = ""


def whole(seen: Seen, page: int) -> Screen:
    """How the client came, and a line for each catalogue."""
    told = list(by_catalogue(seen.found.items))
    body = lines(
        Bold(f"🏷 {name_of(seen.card)}"),
        interest_line(seen.found.interest, seen.viewer.timezone),
        *(shorten(line, LINE) for line in told[:LINES]),
        "…" if len(told) > LINES else None,
        None if told else _("Nothing is marked yet: choose a catalogue, then what fits."),
    )
    client_id = seen.card.id
    buttons = [
        button(f"📚 {_(one.title)}", PickPress(id=client_id, of=one.id, back=seen.back))
        for one in seen.catalogues[page * CATALOGUES : (page + 1) * CATALOGUES]
    ]
    turns = [
        button(label, ClassPress(id=client_id, page=goal, back=seen.back))
        for label, goal in sides(page, len(seen.catalogues), CATALOGUES)
    ]
    how = button(f"🎯 {_('How they came')}", InterestPress(id=client_id, back=seen.back))
    pairs = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    rows = [[how], *pairs, turns] if seen.viewer.may(Right.CLIENT_WRITE) else []
    return Screen(body, [*rows, [to_card(client_id, seen.back)]])


def by_catalogue(items: Iterable[ItemView]) -> Iterable[str]:
    """`Regions: Russia › Omsk; Kazakhstan`."""
    found: dict[str, list[str]] = {}
    for one in items:
        path = " › ".join(_(step) for step in one.path)
        found.setdefault(_(one.catalogue), []).append(path)
    return (f"📚 {title}: {'; '.join(paths)}" for title, paths in found.items())


def interest_line(one: InterestView | None, timezone: str) -> str:
    """`🎯 Exhibitions: Flowers 2026 · 12 Nov 10:00 · Vera`."""
    if one is None:
        return f"🎯 {_('How they came is not known yet.')}"
    source = " · ".join(filter(None, (f"👤 {one.who}" if one.who else "", one.source)))
    said = f"{_(one.channel)}: {source}" if source else _(one.channel)
    by = one.author_name or _("by a request itself")
    return shorten(f"🎯 {said} · {moment(one.at, timezone)} · {by}", 160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One place of a catalogue; `marked` are the items on the card."""

    card: ClientCard
    catalogue: Catalogue
    marked: frozenset[int]
    at: int = 0
    page: int = 0
    back: str = ""

    def press(self, **changes: int) -> PickPress:
        here = {"id": self.card.id, "of": self.catalogue.id, "at": self.at, "page": self.page}
        return PickPress.model_validate({**here, "back": self.back, **changes})

    def offered(self) -> list[Item]:
        """What stands here; what has gone into the archive only where it is marked."""
        return [
            one
            for one in self.catalogue.tree.children(self.at or None)
            if not one.archived or self.marked & self.catalogue.tree.branch(one.id)
        ]


def choices(chosen: Choice, viewer: Actor) -> Screen:
    """Items to mark and unmark; ▸ opens what stands under one."""
    there = chosen.offered()
    shown = there[chosen.page * PAGE : (chosen.page + 1) * PAGE]
    turns = [
        button(label, chosen.press(page=goal)) for label, goal in sides(chosen.page, len(there))
    ]
    hint = _("Press to mark, press again to unmark.")
    empty = _("Nothing stands here yet.")
    fill = []
    if not there and viewer.may(Right.CATALOGUE_WRITE):
        goal = BranchPress(id=chosen.catalogue.id, at=chosen.at)
        fill = [button(f"📚 {_('Fill the catalogue')}", goal)]
    body = lines(
        Bold(f"🏷 {name_of(chosen.card)}"),
        f"📚 {place(chosen.catalogue, chosen.at)}",
        hint if there else empty,
    )
    rows = [_choice(chosen, one) for one in shown]
    return Screen(body, [*rows, turns, fill, [_up(chosen)]])


def _choice(chosen: Choice, one: Item) -> list[Button]:
    below = chosen.catalogue.tree.standing(one.id)
    opens = chosen.press(at=one.id, page=0)
    marks = len(chosen.marked & chosen.catalogue.tree.branch(one.id))
    if one.group:
        return [button(f"📁 {_(one.title)}{f' · {marks}' if marks else ''}", opens)]
    has = one.id in chosen.marked
    flip = button(
        f"{'☑️' if has else '▫️'} {_(one.title)}", chosen.press(flip=-one.id if has else one.id)
    )
    rest = marks - has
    return [flip, *([button(f"▸ {rest}" if rest else "▸", opens)] if below else [])]


def _up(chosen: Choice) -> Button:
    here = chosen.catalogue.tree.get(chosen.at)
    label = f"← {_('Back')}"
    if here is None:
        return button(label, ClassPress(id=chosen.card.id, back=chosen.back))
    return button(label, chosen.press(at=here.parent_id or 0, page=0))
