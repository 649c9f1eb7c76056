"""A report as PDF: title, bounds, chart, the table with its totals, page numbers. Blocking."""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from crm_core.kernel.i18n import gettext as _
from crm_core.reports import texts
from crm_core.reports.definition import Kind
from crm_core.reports.files import fonts
from crm_core.reports.files.picture import picture
from crm_core.reports.files.shape import Cell, heads, rows
from crm_core.reports.running import Table

FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MARGIN = 28  # points
WIDE = 6  # columns that still stand upright on A4
TALLEST = 0.55  # of the page, for the chart
SIZES = (8.5, 7.5, 6.5, 5.5, 5.0)  # of letters in the table, points
LEAST = 62.0  # points of a column of texts


@cache
def _registered() -> None:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - only who prints needs it
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - as above

    pdfmetrics.registerFont(TTFont(FONT, fonts.path()))
    pdfmetrics.registerFont(TTFont(BOLD, fonts.path(bold=True)))


def pdf_file(table: Table) -> bytes:
    """A4, lying when the table is wide; the head stands on every page."""
    chart = picture(table)
    with fonts.drawing:
        return _printed(table, chart)


def _printed(table: Table, chart: bytes) -> bytes:
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415 - only who prints
    from reportlab.platypus import SimpleDocTemplate, Spacer  # noqa: PLC0415 - as above

    _registered()
    size = landscape(A4) if len(heads(table)) > WIDE else A4
    out, title = io.BytesIO(), texts.title(table.report, table.cut)
    document = SimpleDocTemplate(
        out,
        pagesize=size,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 12,
        title=title,
    )
    story = [
        _paragraph(title, 14, bold=True),
        Spacer(1, 4),
        _paragraph(texts.bounds(table), 9),
        Spacer(1, 10),
        _image(chart, document.width, document.height * TALLEST),
        Spacer(1, 12),
        _table(table, document.width),
    ]
    document.build(story, canvasmaker=_numbered())
    return out.getvalue()


def _paragraph(text: str, size: float, *, bold: bool = False, right: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415 - only who prints
    from reportlab.platypus import Paragraph  # noqa: PLC0415 - as above

    style = ParagraphStyle(
        "pult",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.25,
        alignment=2 if right else 0,
    )
    return Paragraph(escape(fonts.printable(text)), style)


def _image(chart: bytes, width: float, tallest: float) -> Any:
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415 - only who prints
    from reportlab.platypus import Image  # noqa: PLC0415 - as above

    wide, tall = ImageReader(io.BytesIO(chart)).getSize()
    scale = min(width / wide, tallest / tall)
    return Image(io.BytesIO(chart), width=wide * scale, height=tall * scale)


def _table(table: Table, width: float) -> Any:
    from reportlab.lib import colors  # noqa: PLC0415 - only who prints
    from reportlab.platypus import LongTable, TableStyle  # noqa: PLC0415 - as above

    titles, lines = heads(table), list(rows(table))
    kinds = [kind for _title, kind in titles]
    size, widths = _layout(titles, lines, width)
    body = [[_paragraph(title, size, bold=True, right=kind != "text") for title, kind in titles]]
    for number, row in enumerate(lines, 1):
        last = table.total is not None and number == len(lines)
        pairs = zip(row, kinds, strict=True)
        body.append([_cell(cell, kind, (size, last)) for cell, kind in pairs])
    look = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E8EEF5")),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#C5CDD6")),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return LongTable(body, colWidths=widths, repeatRows=1, style=look)


def _cell(cell: Cell, kind: Kind, look: tuple[float, bool]) -> Any:
    said = cell if isinstance(cell, str) else texts.shown(cell, kind)
    return _paragraph(said, look[0], bold=look[1], right=kind != "text")


def _layout(
    titles: list[tuple[str, Kind]], lines: list[list[Cell]], width: float
) -> tuple[float, list[float]]:
    """The largest letters with which every number and every word of the heads has room, and the
    widths of the columns: what numbers leave is for the texts."""
    texts_count = sum(kind == "text" for _title, kind in titles)
    for size in SIZES:
        needed = [_needed(at, one, lines, size) for at, one in enumerate(titles)]
        left = width - sum(needed)
        if left >= LEAST * texts_count or size == SIZES[-1]:
            break
    share = max(left / texts_count, LEAST)
    return size, [
        share if kind == "text" else wide
        for (_title, kind), wide in zip(titles, needed, strict=True)
    ]


def _needed(at: int, head: tuple[str, Kind], lines: list[list[Cell]], size: float) -> float:
    """Points a column of numbers takes; 0 for texts, which are wrapped."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 - only who prints

    title, kind = head
    if kind == "text":
        return 0.0
    values = (row[at] for row in lines)
    said = [texts.shown(one, kind) for one in values if not isinstance(one, str)]
    longest = {*title.split(), *sorted(said, key=len)[-3:]}
    widest = max(stringWidth(fonts.printable(one), BOLD, size) for one in longest)
    return float(widest) + 8


def _numbered() -> type:
    """A canvas that knows how many pages there are before it writes their numbers."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only who prints

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setFont(FONT, 8)
                said = _("page %(page)s of %(pages)s") % {"page": number, "pages": len(self._pages)}
                self.drawRightString(self._pagesize[0] - MARGIN, MARGIN / 2 + 6, said)
                super().showPage()
            super().save()

    return Numbered
