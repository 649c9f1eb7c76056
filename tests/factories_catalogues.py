"""Catalogues tests begin with."""

from __future__ import annotations

from typing import Any

from crm_core.catalogues import commands, items
from crm_core.catalogues.shapes import Kind, NewItem
from crm_core.kernel.actors import SYSTEM

Branches = dict[str, "Branches"]


async def catalogue(title: str, kind: Kind = Kind.ITEMS, *, classifies: bool = True) -> int:
    return await commands.create(SYSTEM, title=title, kind=kind, classifies=classifies)


async def item(catalogue_id: int, title: str, parent_id: int | None = None, **rest: Any) -> int:
    given = NewItem(title=title, parent_id=parent_id, **rest)
    return await items.add(SYSTEM, catalogue_id=catalogue_id, item=given)


async def grown(catalogue_id: int, tree: Branches, parent_id: int | None = None) -> dict[str, int]:
    """Items by nested titles; their ids by title."""
    found: dict[str, int] = {}
    for title, below in tree.items():
        found[title] = await item(catalogue_id, title, parent_id)
        found |= await grown(catalogue_id, below, found[title])
    return found
