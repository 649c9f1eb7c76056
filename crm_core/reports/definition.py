"""What a report is made of. One file of `library` holds one `REPORT`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from crm_core.kernel.actors import Right

# count: a whole number; duration: seconds; percent: a share from 0 to 1; money: roubles.
Kind = Literal["text", "count", "money", "duration", "percent"]
Filter = Literal["manager", "source", "queue"]
Naming = Literal["employee", "queue", "text", "words", "hour", "day"]
ItemKind = Literal["request", "call", "dialog"]
Number: TypeAlias = int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What rows may be grouped by. `naming` tells how its values are said: as a name of an
    employee or queue, as they are, or by `words` (value -> msgid)."""

    key: str
    title: str
    naming: Naming = "text"
    words: Mapping[str, str] | None = None
    empty: str = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One way to look at a report: by which dimensions. `ordered`: rows stand in the order of
    their keys (hours, days), otherwise the greatest first."""

    key: str
    title: str
    by: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A number of every row. `brief` ones stand in the chat under the short title, all of them
    in files. `only` is the condition of the items behind the number (empty: all of the row;
    None: it can't be opened apart)."""

    key: str
    title: str
    kind: Kind = "count"
    short: str = ""
    brief: bool = False
    only: str | None = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of one or several columns put one upon the other; `over` is the bad part of them."""

    series: tuple[str, ...]
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a report counts: moments, days and hours in `timezone`; None: no such bound.

    `employees` is where rights end up: a manager's scope holds only themselves.
    """

    since: datetime
    until: datetime
    timezone: str
    cut: Cut
    employees: tuple[int, ...] | None = None
    source: str | None = None
    queue_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row: `key` are the values of the cut's dimensions, in order."""

    key: tuple[str | None, ...]
    values: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a query gives: rows in any order, and the line of all of them together."""

    rows: Sequence[Found]
    total: Found | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which items are wanted: of the row with `key` (None: of all), narrowed by a column's
    `only`."""

    key: tuple[str | None, ...] | None = None
    only: str = ""
    limit: int = 7
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that was counted; `title` is filled in by `items.titled`."""

    kind: ItemKind
    id: int
    at: datetime
    title: str = ""


class Source(Protocol):
    """Where a report's numbers come from, and the items behind them."""

    async def numbers(self, scope: Scope) -> Numbers: ...

    async def items(self, scope: Scope, behind: Behind) -> tuple[Sequence[Item], int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`key` is at most four letters, cuts' keys are single ones: buttons carry them. Who holds
    `sees_all` gets the figures of everybody, others their own."""

    key: str
    title: str
    cuts: tuple[Cut, ...]
    dimensions: tuple[Dimension, ...]
    columns: tuple[Column, ...]
    chart: Chart
    source: Source
    filters: frozenset[Filter] = frozenset({"manager"})
    sees_all: Right = Right.DIALOG_ALL

    def cut(self, key: str) -> Cut | None:
        """The cut with this key; the first one for an empty key."""
        return next((one for one in self.cuts if key in {one.key, ""}), None)

    def column(self, key: str) -> Column | None:
        return next((one for one in self.columns if one.key == key), None)

    def by(self, cut: Cut) -> list[Dimension]:
        known = {one.key: one for one in self.dimensions}
        return [known[key] for key in cut.by]
