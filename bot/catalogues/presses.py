"""Buttons about catalogues. `at` is the item whose branch is shown (0: the top)."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from crm_core.catalogues.shapes import Impact, Kind


class CataloguesPress(CallbackData, prefix="ks"):
    """A page of the list of catalogues."""

    page: int = 0


class NewPress(CallbackData, prefix="kn"):
    """Begin a new catalogue: of which kind, then with which title."""

    kind: Kind | None = None


class CataloguePress(CallbackData, prefix="kc"):
    """Something to do with catalogue `id`, or to add and find in it."""

    do: Literal["care", "rename", "use", "unuse", "archive", "restore", "find", "item", "group"]
    id: int
    at: int = 0


class BranchPress(CallbackData, prefix="kb"):
    """What stands at one place of catalogue `id`."""

    id: int
    at: int = 0
    page: int = 0


class ItemPress(CallbackData, prefix="ki"):
    """Something to see or to do with item `id`."""

    do: Literal[
        "show", "rename", "code", "impact", "up", "down", "archive", "restore", "remove", "gone"
    ]
    id: int


class ImpactPress(CallbackData, prefix="kt"):
    """Item `id` is a channel of this impact."""

    id: int
    impact: Impact


class GoalPress(CallbackData, prefix="km"):
    """Where item `id` moves: pages of places, or `to` one of them (0: the top)."""

    do: Literal["page", "to"]
    id: int
    to: int = 0


class UnderPress(CallbackData, prefix="ku"):
    """Clients with item `id` or any under it."""

    id: int
    page: int = 0


class TablePress(CallbackData, prefix="kx"):
    """Clients by catalogues `rows` and `columns` (0: managers; -1: which one is asked).

    `page` of rows, `side` of columns.
    """

    rows: int
    columns: int = -1
    page: int = 0
    side: int = 0
