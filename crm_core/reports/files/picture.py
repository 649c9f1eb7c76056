"""A report as a picture for a phone: bars of its chart, readable at 1:1. Blocking."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext
from crm_core.reports import names, texts
from crm_core.reports.definition import Column
from crm_core.reports.files import fonts
from crm_core.reports.running import Line, Table

WIDTH, DPI = 1280, 100
SIZE, TITLE = 28, 38  # pixels of letters
ROW, TALL_ROW, TOP, BOTTOM = 52, 92, 210, 30  # a tall one has its name over the bar
LETTER = 0.62  # how wide a letter is on the average, of its height
NAME_LETTERS, LINE_LETTERS, MOST_ROWS = 24, 66, 40
COLUMNS_HEIGHT = 620
BLUES = ("#2F6DB5", "#E0A030", "#5AA469", "#8A6FB0", "#6B7A8C", "#3FA7B5")
BAD, INK, GREY, PAPER = "#B5524A", "#1D2733", "#5C6875", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its series from the bottom up, the bad part of the whole. `rest`: it
    stands for all that are not drawn, and has no bar of its own."""

    name: str
    parts: tuple[float, ...]
    bad: float | None
    rest: bool = False

    @property
    def whole(self) -> float:
        return sum(self.parts)


def picture(table: Table) -> bytes:
    """PNG: the title says what and when, every bar its name and number."""
    bars = bars_of(table)
    upright = table.cut.ordered
    row = TALL_ROW if len(table.dimensions) > 1 else ROW
    height = TOP + BOTTOM + (COLUMNS_HEIGHT if upright else max(len(bars), 3) * row)
    with fonts.drawing:
        return _Sheet(height).drawn(table, bars)


def bars_of(table: Table) -> list[Bar]:
    """What is drawn: beyond forty rows the rest is one bar."""
    lines = list(table.lines)
    if table.cut.ordered:
        return _filled(table, lines)
    if len(lines) <= MOST_ROWS:
        return [_bar(table, line) for line in lines]
    kept, rest = lines[: MOST_ROWS - 1], [_bar(table, line) for line in lines[MOST_ROWS - 1 :]]
    parts = tuple(map(sum, zip(*(one.parts for one in rest), strict=True)))
    bad = None if rest[0].bad is None else sum(one.bad or 0 for one in rest)
    said = ngettext("%(count)s more", "%(count)s more", len(rest)) % {"count": len(rest)}
    return [*(_bar(table, line) for line in kept), Bar(said, parts, bad, rest=True)]


def _filled(table: Table, lines: Sequence[Line]) -> list[Bar]:
    """Hours and days without anything stand empty between the others."""
    one = table.dimensions[0]
    known = {line.key[0] or "": _bar(table, line) for line in lines}
    nothing = (0.0,) * len(table.report.chart.series)
    return [
        known.get(key) or Bar(names.label(one, key, {}), nothing, None)
        for key in names.between(one, list(known))
    ]


def _bar(table: Table, line: Line) -> Bar:
    chart = table.report.chart
    parts = tuple(float(line.values.get(one) or 0) for one in chart.series)
    bad = float(line.values.get(chart.over) or 0) if chart.over else None
    return Bar(" · ".join(line.labels), parts, bad)


class _Sheet:
    """A white sheet of pixels; all text is plain (a dollar begins no formula)."""

    def __init__(self, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - large
        from matplotlib.figure import Figure  # noqa: PLC0415 - large
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - large

        self.height = height
        self.figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()
        self._plain = FontProperties(fname=fonts.path())
        self._bold = FontProperties(fname=fonts.path(bold=True))

    def text(self, x: float, y: float, said: str, **look: Any) -> None:
        font = self._bold if look.pop("bold", False) else self._plain
        size = look.pop("size", SIZE) * 72 / DPI
        look = {"color": INK, "va": "center", "ha": "left"} | look
        said = fonts.printable(said)
        self.axes.text(x, y, said, fontproperties=font, fontsize=size, parse_math=False, **look)

    def box(self, x: float, y: float, size: tuple[float, float], color: str) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - large

        self.axes.add_patch(Rectangle((x, y), *size, facecolor=color, linewidth=0))

    def drawn(self, table: Table, bars: Sequence[Bar]) -> bytes:
        self.text(40, 48, clipped(texts.title(table.report, table.cut), 50), bold=True, size=TITLE)
        self.text(40, 104, clipped(texts.bounds(table), 68), color=GREY)
        if not bars:
            self.text(WIDTH / 2, TOP + 60, _("Nothing in this period"), ha="center", color=GREY)
        else:
            self._legend(table)
            if table.cut.ordered:
                self._columns(bars)
            else:
                self._rows(bars, tall=len(table.dimensions) > 1)
        out = io.BytesIO()
        self.canvas.print_png(out)  # type: ignore[no-untyped-call]
        return out.getvalue()

    def _legend(self, table: Table) -> None:
        x = 40.0
        for column, color in legend(table):
            said = _(column.title)
            self.box(x, 148, (26, 26), color)
            self.text(x + 38, 161, said)
            x += 38 + (len(said) + 3) * SIZE * LETTER

    def _rows(self, bars: Sequence[Bar], *, tall: bool) -> None:
        """Names to the left, bars from zero, numbers behind them."""
        most = max((one.whole for one in bars if not one.rest), default=0) or 1
        letters = min(max(len(one.name) for one in bars), NAME_LETTERS)
        left = 40 if tall else 60 + letters * SIZE * LETTER
        room = WIDTH - left - 40 - max(len(_said(one)) for one in bars) * SIZE * LETTER
        for number, one in enumerate(bars):
            y = TOP + number * (TALL_ROW if tall else ROW)
            if tall:
                self.text(left, y + 18, clipped(one.name, LINE_LETTERS))
                y += TALL_ROW - ROW - 6
            else:
                self.text(left - 16, y + ROW / 2, clipped(one.name, NAME_LETTERS), ha="right")
            x = left if one.rest else self._bar(one, (left, y), room / most)
            self.text(x + 12, y + ROW / 2, _said(one), bold=True)

    def _bar(self, one: Bar, at: tuple[float, float], scale: float) -> float:
        """One lying bar; where it ends."""
        x, y = at
        for part, color in zip(one.parts, BLUES, strict=False):
            self.box(x, y + 9, (part * scale, ROW - 18), color)
            x += part * scale
        if one.bad:
            self.box(at[0], y + 9, (one.bad * scale, ROW - 18), BAD)
        return x

    def _columns(self, bars: Sequence[Bar]) -> None:
        """Time goes to the right; only as many names and numbers as have room."""
        most = max((one.whole for one in bars), default=0) or 1
        wide = (WIDTH - 80) / max(len(bars), 8)
        floor, room = self.height - BOTTOM - 60, COLUMNS_HEIGHT - 120
        every = _step([one.name for one in bars], wide)
        said = [texts.shown(one.whole, "count") for one in bars]
        numbers = max(map(len, said)) * SIZE * LETTER * 1.15 < wide
        for at, one in enumerate(bars):
            x, y = 40 + at * wide, float(floor)
            for part, color in zip(one.parts, BLUES, strict=False):
                tall = part / most * room
                y -= tall
                self.box(x + wide * 0.12, y, (wide * 0.76, tall), color)
            if one.bad:
                tall = one.bad / most * room
                self.box(x + wide * 0.12, floor - tall, (wide * 0.76, tall), BAD)
            if at % every == 0:
                self.text(x + wide / 2, floor + 34, _hour(one.name), ha="center")
            if one.whole and (numbers or one.whole == most):
                self.text(x + wide / 2, y - 22, said[at], ha="center", bold=True)


def legend(table: Table) -> list[tuple[Column, str]]:
    """The columns drawn and their colours; one alone needs none when nothing is over it."""
    chart = table.report.chart
    keys = [*zip(chart.series, BLUES, strict=False)]
    keys += [(chart.over, BAD)] if chart.over else []
    columns = [(table.report.column(key), color) for key, color in keys]
    return [(column, color) for column, color in columns if column is not None]


def _said(one: Bar) -> str:
    """`120`, or `120 / 7` where seven of them are bad."""
    whole = texts.shown(one.whole, "count")
    return f"{whole} / {texts.shown(one.bad, 'count')}" if one.bad else whole


def _hour(name: str) -> str:
    return name.removesuffix(":00")


def _step(names: Sequence[str], wide: float) -> int:
    widest = max((len(_hour(one)) for one in names), default=1) * SIZE * LETTER + 12
    return max(1, math.ceil(widest / wide))


def clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip(" ·") + "…"
