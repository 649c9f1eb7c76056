"""Making a file of a report, in a thread, in the reader's language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.reports.files.csvfile import csv_file
from crm_core.reports.files.pdf import pdf_file
from crm_core.reports.files.picture import picture
from crm_core.reports.files.xlsx import xlsx_file
from crm_core.reports.running import Table

Format = Literal["xlsx", "csv", "pdf", "png"]
MAKERS: dict[str, Callable[[Table], bytes]] = {
    "xlsx": xlsx_file,
    "csv": csv_file,
    "pdf": pdf_file,
    "png": picture,
}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
}


async def made(table: Table, form: str) -> bytes:
    """The file's bytes; Invalid for a format there is not."""
    if form not in MAKERS:
        raise Invalid(
            N_("There is no format %(form)s. Known: %(known)s."), form=form, known=", ".join(MAKERS)
        )
    # The language in force goes with the thread.
    return await asyncio.to_thread(MAKERS[form], table)
