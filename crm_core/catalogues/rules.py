"""What may stand where: kinds, cycles, depth, equal titles; finding by words. Pure."""

from __future__ import annotations

from crm_core.catalogues.shapes import Item, Kind
from crm_core.catalogues.tree import Tree
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

MOST_CATALOGUES, MOST_ITEMS, MOST_LEVELS = 200, 10_000, 20

NO_ITEM = N_("There is no such item in this catalogue.")
NO_GROUP = N_("There is no such group in this catalogue.")
FLAT = N_("This catalogue is a plain list: its items have no groups.")
NO_GROUPS_HERE = N_("This catalogue has no groups: items stand under items.")
NOT_A_GROUP = N_("%(title)s is no group: choose a group to put it in.")
CYCLE = N_("%(title)s can't be put into itself or into what stands under it.")
TOO_DEEP = N_("A catalogue has at most %(most)s levels: choose a place higher up.")
TOO_MANY = N_("A catalogue has at most %(most)s items. Remove what nobody uses.")
SAME_TITLE = N_("%(title)s stands here already. Choose another name.")
SAME_CODE = N_("The code %(code)s belongs to %(title)s. Choose another code.")


def require_item(tree: Tree, item_id: int) -> Item:
    found = tree.get(item_id)
    if found is None:
        raise NotFound(NO_ITEM)
    return found


def require_room(tree: Tree) -> None:
    """Whether one more item may be added."""
    if len(tree) >= MOST_ITEMS:
        raise Invalid(TOO_MANY, most=MOST_ITEMS)


def require_kind(kind: Kind, *, group: bool) -> None:
    """Whether a group may stand in a catalogue of this kind."""
    if group and kind is not Kind.GROUPS:
        raise Invalid(FLAT if kind is Kind.FLAT else NO_GROUPS_HERE)


def require_place(tree: Tree, kind: Kind, parent_id: int | None, moved: Item | None = None) -> None:
    """Whether something new, or the `moved` branch, may stand under the parent."""
    if parent_id is None:
        return
    if kind is Kind.FLAT:
        raise Invalid(FLAT)
    parent = tree.get(parent_id)
    if parent is None:
        raise NotFound(NO_GROUP)
    if moved is not None and parent_id in tree.branch(moved.id):
        raise Invalid(CYCLE, title=_(moved.title))
    if kind is Kind.GROUPS and not parent.group:
        raise Invalid(NOT_A_GROUP, title=_(parent.title))
    if len(tree.path(parent_id)) + (tree.height(moved.id) if moved else 1) > MOST_LEVELS:
        raise Invalid(TOO_DEEP, most=MOST_LEVELS)


def require_title(tree: Tree, parent_id: int | None, title: str, besides: int = 0) -> None:
    """No two that stand at one place bear one name."""
    for one in tree.standing(parent_id):
        names = {_plain(one.title), _plain(_(one.title))}
        if one.id != besides and names & {_plain(title), _plain(_(title))}:
            raise Conflict(SAME_TITLE, title=_(one.title))


def require_code(tree: Tree, code: str | None, besides: int = 0) -> None:
    """A code belongs to one item of the catalogue, archived or not."""
    for one in tree.walk():
        if code and one.id != besides and one.code == code:
            raise Conflict(SAME_CODE, code=code, title=_(one.title))


def goals(tree: Tree, kind: Kind, item_id: int) -> list[Item]:
    """Where the item may be moved to, in the tree's order: never where it stands already."""
    moved = tree.get(item_id)
    if moved is None or kind is Kind.FLAT:
        return []
    own, height = tree.branch(item_id), tree.height(item_id)
    return [
        one
        for one in tree.walk()
        if one.id not in own
        and one.id != moved.parent_id
        and tree.stands(one.id)
        and (one.group or kind is Kind.ITEMS)
        and len(tree.path(one.id)) + height <= MOST_LEVELS
    ]


def found(tree: Tree, text: str) -> list[Item]:
    """Items with every word in their title or code; whole titles first, then beginnings."""
    words = _plain(text).split()
    if not words:
        return []
    ranked = [
        (_rank(one, words), place, one)
        for place, one in enumerate(tree.walk())
        if all(word in _haystack(one) for word in words)
    ]
    return [one for _rank_of, _place, one in sorted(ranked, key=lambda hit: hit[:2])]


def _rank(one: Item, words: list[str]) -> int:
    names = [_plain(_(one.title)), _plain(one.code or "")]
    whole = " ".join(words)
    if whole in names:
        return 0
    return 1 if any(name.startswith(whole) for name in names) else 2


def _haystack(one: Item) -> str:
    return _plain(f"{one.title} {_(one.title)} {one.code or ''}")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def ordered(ids: list[int], item_id: int, place: int) -> list[int]:
    """Siblings' ids with the item at `place` (from 0; beyond the end is the end)."""
    rest = [one for one in ids if one != item_id]
    place = max(0, min(place, len(rest)))
    return [*rest[:place], item_id, *rest[place:]]
