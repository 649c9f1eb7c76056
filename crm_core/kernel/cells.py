"""Cells of spreadsheets that no program runs as a formula."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[=+\-@\t\r]")
# Plain numbers (phones) do no harm.
_NUMBERS = re.compile(r"[+-]\d+(?:[.,]\d+)?(?:; \+\d+)*")


def safe_cell(text: str) -> str:
    """The text as no spreadsheet runs it: an apostrophe stands before what looks like a formula."""
    if _FORMULA.match(text) and not _NUMBERS.fullmatch(text):
        return f"'{text}"
    return text
