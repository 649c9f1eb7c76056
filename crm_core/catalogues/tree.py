"""The items of one catalogue as a tree. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from crm_core.catalogues.shapes import Item


class Tree:
    """Looks up, walks and measures; never changes. Items of one parent stand in their order."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {one.id: one for one in items}
        self._children: dict[int | None, list[Item]] = defaultdict(list)
        for one in sorted(self._items.values(), key=lambda one: (one.position, one.id)):
            self._children[one.parent_id].append(one)

    def __len__(self) -> int:
        return len(self._items)

    def get(self, item_id: int | None) -> Item | None:
        return None if item_id is None else self._items.get(item_id)

    def children(self, parent_id: int | None) -> list[Item]:
        return list(self._children.get(parent_id, ()))

    def walk(self, parent_id: int | None = None) -> Iterator[Item]:
        """Everything under the parent, each item before its children."""
        waiting = self.children(parent_id)[::-1]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += self.children(one.id)[::-1]

    def path(self, item_id: int | None) -> tuple[Item, ...]:
        """From the root to the item itself."""
        steps: list[Item] = []
        while (one := self.get(item_id)) is not None:
            steps.append(one)
            item_id = one.parent_id
        return tuple(reversed(steps))

    def branch(self, item_id: int) -> set[int]:
        """The item and everything under it."""
        return {item_id, *(one.id for one in self.walk(item_id))}

    def height(self, item_id: int) -> int:
        """Levels of the branch: 1 for an item without children."""
        above = len(self.path(item_id)) - 1
        return max(len(self.path(one)) for one in self.branch(item_id)) - above

    def stands(self, item_id: int) -> bool:
        """Whether neither the item nor anything above it is in the archive."""
        path = self.path(item_id)
        return bool(path) and not any(one.archived for one in path)

    def standing(self, parent_id: int | None = None) -> list[Item]:
        """The children one may choose."""
        return [one for one in self.children(parent_id) if not one.archived]
