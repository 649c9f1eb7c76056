"""A report's table as letters of one width, as many rows as a caption takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.screen import shorten
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext
from crm_core.kernel.text import utf16_len
from crm_core.reports.running import Line, Table
from crm_core.reports.texts import short

NAME = 14
ROOM = 760  # of the 1024 units of a caption


def drawn(table: Table) -> str:
    """Heads, rows, totals; what has no room is counted in the last line but one."""
    columns = [one for one in table.report.columns if one.brief]
    heads = ["", *(_(one.short) for one in columns)]

    def cells(line: Line, name: str) -> list[str]:
        values = (short(line.values[one.key], one.kind) for one in columns)
        return [shorten(name, NAME), *values]

    body = [cells(line, " ".join(line.labels)) for line in table.lines]
    last = [cells(table.total, _("Total"))] if table.total else []
    widths = [max(map(len, column)) for column in zip(heads, *body, *last, strict=True)]
    rows = [_row(one, widths) for one in (heads, *body)]
    tail = [_row(one, widths) for one in last]
    room = ROOM - sum(map(_size, tail)) - 20
    kept: list[str] = []
    for row in rows:
        if sum(map(_size, kept)) + _size(row) > room:
            left = len(rows) - len(kept)
            kept.append(ngettext("%(count)s more", "%(count)s more", left) % {"count": left})
            break
        kept.append(row)
    return "\n".join([*kept, *tail])


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *values = cells
    numbers = (value.rjust(width) for value, width in zip(values, widths[1:], strict=True))
    return " ".join([name.ljust(widths[0]), *numbers]).rstrip()


def _size(row: str) -> int:
    return utf16_len(row) + 1
