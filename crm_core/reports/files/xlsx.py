"""A report as XLSX: typed cells, a head that stays, widths that fit."""

from __future__ import annotations

import io
from typing import Any

from crm_core.reports import texts
from crm_core.reports.definition import Kind
from crm_core.reports.files.shape import Cell, heads, rows
from crm_core.reports.running import Table

FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "#,##0",
    "money": "#,##0.00",
    "duration": "[h]:mm:ss",
    "percent": "0.0%",
}
HEAD = 3  # the row of the titles, counted from 0
SECONDS_A_DAY = 86400
NARROWEST, WIDEST = 10, 45
SHEET = "Pult"


def xlsx_file(table: Table) -> bytes:
    """One sheet: title, bounds, the table with its totals. Blocking."""
    import xlsxwriter  # noqa: PLC0415 - only who exports needs it

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        title = texts.title(table.report, table.cut)
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, texts.bounds(table))
        _fill(book, sheet, table)
        sheet.freeze_panes(HEAD + 1, len(table.dimensions))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
    return out.getvalue()


def _fill(book: Any, sheet: Any, table: Table) -> None:
    look = {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#E8EEF5",
        "bottom": 1,
    }
    head = book.add_format(look)
    titles = heads(table)
    plain = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    strong = {
        kind: book.add_format({"num_format": form, "bold": True, "top": 1})
        for kind, form in FORMATS.items()
    }
    sheet.set_row(HEAD, 48)
    for column, (title, _kind) in enumerate(titles):
        sheet.write_string(HEAD, column, title, head)
        sheet.set_column(column, column, _width(table, column))
    body = list(rows(table))
    for number, row in enumerate(body, 1):
        last = table.total is not None and number == len(body)
        for column, cell in enumerate(row):
            kind = titles[column][1]
            _write(sheet, (HEAD + number, column), cell, (kind, (strong if last else plain)[kind]))
    if table.lines:
        sheet.autofilter(HEAD, 0, HEAD + len(table.lines), len(titles) - 1)


def _write(sheet: Any, at: tuple[int, int], cell: Cell, look: tuple[Kind, Any]) -> None:
    """A text is a text whatever it begins with."""
    kind, form = look
    if cell is None:
        sheet.write_blank(*at, None, form)
    elif isinstance(cell, str):
        sheet.write_string(*at, cell, form)
    else:
        sheet.write_number(*at, cell / SECONDS_A_DAY if kind == "duration" else cell, form)


def _width(table: Table, column: int) -> int:
    if column >= len(table.dimensions):
        return 13
    longest = max((len(line.labels[column]) for line in table.lines), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)
