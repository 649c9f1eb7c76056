"""The list of catalogues and one branch of a tree. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot.catalogues.presses import (
    BranchPress,
    CataloguePress,
    CataloguesPress,
    ItemPress,
    NewPress,
    TablePress,
)
from bot.home.presses import HomePress
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.queries import Listed
from crm_core.catalogues.shapes import Item, Kind
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

PAGE = 7
KINDS = {
    Kind.FLAT: N_("a plain list"),
    Kind.ITEMS: N_("a tree of items"),
    Kind.GROUPS: N_("groups with items in them"),
}
HINT = N_("Open one to see what stands in it. Those with 👤 classify clients.")


def catalogues(found: Sequence[Listed], page: int, viewer: Actor) -> Screen:
    """Seven catalogues: title and how many items."""
    rows = [
        [button(_label(number, one), BranchPress(id=one.id))]
        for number, one in list(enumerate(found, 1))[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [button(label, CataloguesPress(page=goal)) for label, goal in sides(page, len(found))]
    add = [button(f"➕ {_('Add a catalogue')}", NewPress())] if may_write(viewer) else []
    back = button(f"← {_('Back')}", HomePress(to="settings"))
    return Screen(lines(Bold(f"📚 {_('Catalogues')}"), _(HINT)), [*rows, turns, add, [back]])


def _label(number: int, one: Listed) -> str:
    sign = "🗄 " if one.archived else "👤 " if one.classifies else ""
    return f"{number}. {sign}{shorten(_(one.title), 28)} · {one.items}"


def may_write(viewer: Actor) -> bool:
    return viewer.may(Right.CATALOGUE_WRITE)


def sides(page: int, total: int, size: int = PAGE) -> list[tuple[str, int]]:
    """Labels and numbers of the pages beside this one."""
    goals = (("‹", page - 1), ("›", page + 1))
    return [(label, goal) for label, goal in goals if goal >= 0 and goal * size < total]


def kinds() -> Screen:
    """Of which kind a new catalogue shall be."""
    rows = [[button(_(words), NewPress(kind=kind))] for kind, words in KINDS.items()]
    body = lines(
        Bold(f"➕ {_('New catalogue')}"),
        _("What shall it be? The kind stays as it is, everything else can be changed."),
    )
    return Screen(body, [*rows, [button(f"← {_('Back')}", CataloguesPress())]])


def shown_children(found: Catalogue, at: int, viewer: Actor) -> list[Item]:
    """What stands at a place; the archive comes last, and only for who may take out of it."""
    there = found.tree.children(at or None)
    away = [one for one in there if one.archived] if may_write(viewer) else []
    return [one for one in there if not one.archived] + away


def branch(found: Catalogue, at: int, page: int, viewer: Actor) -> Screen:
    """One place of a catalogue: seven groups and items, and what can be done here."""
    there = shown_children(found, at, viewer)
    rows = [
        [button(_row(number, one, found), _opens(one, found))]
        for number, one in list(enumerate(there, 1))[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [
        button(label, BranchPress(id=found.id, at=at, page=goal))
        for label, goal in sides(page, len(there))
    ]
    count = ngettext("%(count)s item", "%(count)s items", len(there)) % {"count": len(there)}
    body = lines(
        Bold(f"📚 {place(found, at)}"),
        f"🗄 {_('in the archive')}" if _is_away(found, at) else None,
        f"{_(KINDS[found.kind])} · {count}" if there else _("Nothing stands here yet."),
    )
    return Screen(body, [*rows, turns, *_actions(found, at, viewer), [_up(found, at)]])


def _is_away(found: Catalogue, at: int) -> bool:
    return found.archived or bool(at and not found.tree.stands(at))


def place(found: Catalogue, at: int) -> str:
    """`Regions › Russia › Siberia`."""
    steps = [found.title, *(one.title for one in found.tree.path(at or None))]
    return " › ".join(shorten(_(step), 40) for step in steps)


def _row(number: int, one: Item, found: Catalogue) -> str:
    sign = "🗄" if one.archived else "📁" if one.group else "🔹"
    below = len(found.tree.standing(one.id))
    return f"{number}. {sign} {shorten(_(one.title), 30)}{f' · {below}' if below else ''}"


def _opens(one: Item, found: Catalogue) -> BranchPress | ItemPress:
    """Groups, and items with others under them, open; the rest is shown."""
    if one.group or found.tree.children(one.id):
        return BranchPress(id=found.id, at=one.id)
    return ItemPress(do="show", id=one.id)


def _actions(found: Catalogue, at: int, viewer: Actor) -> list[list[Button]]:
    find = [button(f"🔎 {_('Search')}", CataloguePress(do="find", id=found.id))]
    if at:
        sign = "📁" if (here := found.tree.get(at)) and here.group else "🔹"
        find.append(button(f"{sign} {_('About it')}", ItemPress(do="show", id=at)))
    elif found.classifies:
        find.append(button(f"📊 {_('Table')}", TablePress(rows=found.id)))
    if not may_write(viewer):
        return [find]
    if not at:
        find.append(button(f"⚙️ {_('Set up')}", CataloguePress(do="care", id=found.id)))
    add = [button(f"➕ {_('Item')}", CataloguePress(do="item", id=found.id, at=at))]
    if found.kind is Kind.GROUPS:
        add.append(button(f"📁 {_('Group')}", CataloguePress(do="group", id=found.id, at=at)))
    return [add, find]


def _up(found: Catalogue, at: int) -> Button:
    here = found.tree.get(at)
    if here is None:
        return button(f"← {_('Back')}", CataloguesPress())
    return button(f"← {_('Back')}", BranchPress(id=found.id, at=here.parent_id or 0))


def hits(found: Catalogue, text: str, items: Sequence[Item]) -> Screen:
    """What was found by words, each with its place."""
    rows = [[button(path(found, one), ItemPress(do="show", id=one.id))] for one in items[:PAGE]]
    rest = len(items) - PAGE
    more = ngettext("… and %(count)s more", "… and %(count)s more", rest) % {"count": rest}
    body = lines(
        Bold(f"🔎 {_(found.title)}: {shorten(text, 60)}"),
        None if items else _("Nothing is called so here."),
        f"{more}: {_('write more of the name')}" if rest > 0 else None,
    )
    again = button(f"🔎 {_('Search')}", CataloguePress(do="find", id=found.id))
    return Screen(body, [*rows, [again, button(f"← {_('Back')}", BranchPress(id=found.id))]])


def path(found: Catalogue, one: Item) -> str:
    """`📁 Russia › Siberia`: the end is what tells places apart."""
    sign = "🗄" if not found.tree.stands(one.id) else "📁" if one.group else "🔹"
    steps = [_(step.title) for step in found.tree.path(one.id)]
    words = " › ".join(steps)
    return f"{sign} {words if len(words) <= 36 else '… › ' + steps[-1]}"
