"""`pult export`: rows of a slice as CSV or JSON lines, streamed."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from crm_core.clients import export as clients
from crm_core.dialogs import export as messages
from crm_core.kernel.cells import safe_cell
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.requests import export as requests

SOURCES = {
    "clients": (clients.COLUMNS, clients.pages),
    "messages": (messages.COLUMNS, messages.pages),
    "requests": (requests.COLUMNS, requests.pages),
}

Row = Mapping[str, Any]


async def export(what: str, fmt: str, out: BinaryIO) -> int:
    """Write all rows of `messages`, `clients` or `requests` as `csv` or `jsonl`; returns how many.

    CSV is UTF-8 with a byte order mark, as spreadsheets want it. Times are ISO 8601 in UTC.
    """
    if what not in SOURCES:
        raise Invalid(
            N_("There is no export of %(what)s: take messages, clients or requests."), what=what
        )
    columns, pages = SOURCES[what]
    dump, head = _dumper(fmt, columns)
    await asyncio.to_thread(out.write, head)
    count = 0
    async for page in pages():
        await asyncio.to_thread(out.write, dump(page))
        count += len(page)
    await asyncio.to_thread(out.flush)
    return count


def _dumper(fmt: str, columns: Sequence[str]) -> tuple[Callable[[Sequence[Row]], bytes], bytes]:
    """How a page is written, and what stands before the first one."""
    if fmt == "jsonl":
        return _json_lines, b""
    if fmt == "csv":
        return lambda page: _csv(_cells(row, columns) for row in page), b"\xef\xbb\xbf" + _csv(
            [columns]
        )
    raise Invalid(N_("There is no format %(fmt)s: take csv or jsonl."), fmt=fmt)


def _json_lines(page: Sequence[Row]) -> bytes:
    options = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    return b"".join(orjson.dumps(dict(row), option=options) for row in page)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(row: Row, columns: Sequence[str]) -> list[str]:
    return [safe_cell(_text(row[column])) for column in columns]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)
