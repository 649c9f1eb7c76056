"""Facts about catalogues and their items."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueCreated(Event):
    catalogue_id: int
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """`before` and `after` hold what has changed: title, classifies, archived."""

    catalogue_id: int
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemAdded(Event):
    catalogue_id: int
    item_id: int
    title: str
    parent_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemChanged(Event):
    """`before` and `after` hold what has changed: title, code, impact, archived."""

    catalogue_id: int
    item_id: int
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemMoved(Event):
    """Under another parent (None: the top), or to another place among the same."""

    catalogue_id: int
    item_id: int
    parent_id: int | None
    before_id: int | None
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemRemoved(Event):
    """Deleted for good: nothing referred to it."""

    catalogue_id: int
    item_id: int
    title: str
    parent_id: int | None
