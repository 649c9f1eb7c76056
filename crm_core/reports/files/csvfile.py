"""A report as CSV that a Russian spreadsheet opens by a double click."""

from __future__ import annotations

import csv
import io

from crm_core.kernel import i18n
from crm_core.kernel.cells import safe_cell
from crm_core.reports.definition import Kind
from crm_core.reports.files.shape import Cell, heads, rows
from crm_core.reports.running import Table
from crm_core.reports.texts import clock


def csv_file(table: Table) -> bytes:
    """UTF-8 with a byte order mark, semicolons, numbers without spaces, durations as h:mm:ss.

    Shares are numbers from 0 to 1; decimals have the comma of the reader's language.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    kinds = [kind for _title, kind in heads(table)]
    writer.writerow([safe_cell(title) for title, _kind in heads(table)])
    for row in rows(table):
        writer.writerow([_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Cell, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_cell(value)
    if kind == "duration":
        return clock(value)
    said = (
        f"{value:.4f}" if kind == "percent" else f"{value:.2f}" if kind == "money" else f"{value}"
    )
    return said.replace(".", ",") if i18n.current() == "ru" else said
