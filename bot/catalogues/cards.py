"""A catalogue's settings, one item, and the places it may move to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot.catalogues.lists import PAGE, may_write, path, place, shown_children, sides
from bot.catalogues.presses import (
    BranchPress,
    CataloguePress,
    GoalPress,
    ImpactPress,
    ItemPress,
    UnderPress,
)
from bot.screen import Button, Screen, button, lines
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.known import ADVERTISING
from crm_core.catalogues.shapes import Impact, Item
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

IMPACTS = {
    Impact.ONLINE: N_("online advertising"),
    Impact.OUTDOOR: N_("outdoor advertising"),
    Impact.EXHIBITION: N_("an exhibition"),
    Impact.RECOMMENDATION: N_("a recommendation"),
    Impact.SEARCH: N_("own search"),
    Impact.COLD_CALL: N_("a cold call"),
    Impact.MAILING: N_("a mailing"),
    Impact.OTHER: N_("something else"),
}


def care(found: Catalogue) -> Screen:
    """What is done with a catalogue as a whole."""

    def do(label: str, what: str) -> Button:
        return button(label, CataloguePress.model_validate({"do": what, "id": found.id}))

    used = _("Clients are classified by it: it stands behind 🏷 on their cards.")
    use = do(f"👤 {_('Classify clients by it')}", "use")
    if found.classifies:
        use = do(f"👤 {_('No longer for clients')}", "unuse")
    away = [] if found.key else [do(f"🗄 {_('Put away')}", "archive")]
    if found.archived:
        away = [do(f"↩️ {_('Bring back')}", "restore")]
    body = lines(
        Bold(f"⚙️ {_(found.title)}"),
        f"🗄 {_('in the archive')}" if found.archived else None,
        used if found.classifies else _("Clients are not classified by it."),
        _("Pult itself works with this catalogue: it can't be put away.") if found.key else None,
    )
    rename = do(f"✏️ {_('Title')}", "rename")
    back = button(f"← {_('Back')}", BranchPress(id=found.id))
    return Screen(body, [[rename, *away], [use], [back]])


def item(found: Catalogue, one: Item, clients: int, viewer: Actor) -> Screen:
    """One item or group: where it stands, what it is called, who has it."""
    impact = _(IMPACTS[Impact(one.impact)]) if one.impact else None
    body = lines(
        Bold(f"{'📁' if one.group else '🔹'} {_(one.title)}"),
        f"📚 {place(found, one.parent_id or 0)}",
        None if found.tree.stands(one.id) else f"🗄 {_('in the archive')}",
        _("Code: %(code)s") % {"code": one.code} if one.code else None,
        _("It is: %(what)s") % {"what": impact} if impact else None,
    )
    people = []
    if found.classifies:
        people.append(button(f"👤 {_('Clients')} {clients}", UnderPress(id=one.id)))
    if found.tree.children(one.id):
        people.append(button(f"📂 {_('What is in it')}", BranchPress(id=found.id, at=one.id)))
    rows = [people, *(_care(found, one) if may_write(viewer) else [])]
    return Screen(body, [*rows, [_to_branch(found, one, viewer)]])


def _care(found: Catalogue, one: Item) -> list[list[Button]]:
    def do(label: str, what: str) -> Button:
        return button(label, ItemPress.model_validate({"do": what, "id": one.id}))

    names = [do(f"✏️ {_('Title')}", "rename"), do(f"🔤 {_('Code')}", "code")]
    if found.key == ADVERTISING and not one.group:
        names.append(do(f"📣 {_('What it is')}", "impact"))
    moves = [do("⬆️", "up"), do("⬇️", "down")]
    if found.kind != "flat":
        moves.insert(0, button(f"📁 {_('Move')}", GoalPress(do="page", id=one.id)))
        if found.kind == "items":
            under = CataloguePress(do="item", id=found.id, at=one.id)
            names.append(button(f"➕ {_('Under it')}", under))
    away = [do(f"🗄 {_('Put away')}", "archive")]
    if one.archived:
        away = [do(f"↩️ {_('Bring back')}", "restore"), do(f"🗑 {_('Remove')}", "remove")]
    return [names, moves, away]


def _to_branch(found: Catalogue, one: Item, viewer: Actor) -> Button:
    """Back to the page the item stands on."""
    there = [other.id for other in shown_children(found, one.parent_id or 0, viewer)]
    page = there.index(one.id) // PAGE if one.id in there else 0
    goal = BranchPress(id=found.id, at=one.parent_id or 0, page=page)
    return button(f"← {_('Back')}", goal)


def back(item_id: int) -> list[Button]:
    return [button(f"← {_('Back')}", ItemPress(do="show", id=item_id))]


def impacts(one: Item) -> Screen:
    """What a channel of advertising is: decides what its source is asked as."""
    rows = [
        [
            button(
                f"{'✓ ' if one.impact == impact else ''}{_(words)}",
                ImpactPress(id=one.id, impact=impact),
            )
        ]
        for impact, words in IMPACTS.items()
    ]
    body = lines(
        Bold(f"📣 {_(one.title)}"),
        _("What is it? The exact source is asked accordingly: which exhibition, who recommended."),
    )
    return Screen(body, [*rows, back(one.id)])


def removal(one: Item) -> Screen:
    """It can't be undone, so it is asked once."""
    yes = button(f"🗑 {_('Remove')}", ItemPress(do="gone", id=one.id))
    body = lines(
        Bold(f"🗑 {_('Remove “%(title)s”?') % {'title': _(one.title)}}"),
        _("This can't be undone. If something refers to it, it stays in the archive."),
    )
    return Screen(body, [[yes], back(one.id)])


def goals(found: Catalogue, one: Item, places: Sequence[Item], page: int) -> Screen:
    """Groups, or items, to choose from."""
    rows = [
        [button(path(found, goal), GoalPress(do="to", id=one.id, to=goal.id))]
        for goal in places[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [
        button(label, GoalPress(do="page", id=one.id, to=goal))
        for label, goal in sides(page, len(places))
    ]
    top = []
    if one.parent_id is not None:
        top = [button(f"📚 {_('To the top')}", GoalPress(do="to", id=one.id))]
    body = lines(
        Bold(f"📁 {_(one.title)}"),
        _("Where does it go? What refers to it stays as it is.")
        if places or top
        else _("There is no other place yet: add a group first."),
    )
    return Screen(body, [top, *rows, turns, back(one.id)])
