"""What catalogues are made of: kinds, impacts of advertising, items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Kind(StrEnum):
    """`FLAT` a list; `ITEMS` a tree of items; `GROUPS` a tree of groups with items in them."""

    FLAT = "flat"
    ITEMS = "items"
    GROUPS = "groups"


class Impact(StrEnum):
    """How a channel of advertising reaches people: decides what its exact source is asked as."""

    ONLINE = "online"
    OUTDOOR = "outdoor"
    EXHIBITION = "exhibition"
    RECOMMENDATION = "recommendation"
    SEARCH = "search"
    COLD_CALL = "cold_call"
    MAILING = "mailing"
    OTHER = "other"


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class NewItem(BaseModel):
    """An item to be added, last of its parent. `group` only in a tree of groups."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    parent_id: int | None = None
    group: bool = False
    code: Code = ""
    impact: Impact | None = None


class ItemChanges(BaseModel):
    """What of an item changes; what is left out stays. An empty code takes the code away."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    code: Code | None = None
    impact: Impact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item or a group as it stands in its catalogue."""

    id: int
    title: str
    parent_id: int | None = None
    group: bool = False
    code: str | None = None
    position: int = 0
    impact: str | None = None
    archived: bool = False
