"""The results as a plain table for people, or as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from bench.figures import Figure

HEAD = ("", "what", "goal", "measured", "min .. max", "ratio", "")
KEY = (
    "measured: the median of the repetitions; ratio: how well the goal is kept (1 and above is"
    " kept); foreign: CPU that other programs of this machine took meanwhile."
)


@dataclass(slots=True)
class Report:
    """`machine` as bench.machine.describe gives it; `loads`: foreign CPU by section, per cent."""

    machine: Mapping[str, str]
    figures: list[Figure] = field(default_factory=list)
    loads: dict[str, float | None] = field(default_factory=dict)

    def json(self) -> str:
        data = {
            "machine": dict(self.machine),
            "foreign_cpu_percent": self.loads,
            "figures": [figure.json() for figure in self.figures],
        }
        return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()

    def text(self) -> str:
        machine = [f"  {name:<10}  {value}" for name, value in self.machine.items()]
        loads = ", ".join(f"{name} {_number(load)} %" for name, load in self.loads.items())
        short = sum(figure.verdict == "FALLS SHORT" for figure in self.figures)
        ending = f"{short} of the goals FALL SHORT." if short else "Every goal is kept."
        table = _table([HEAD, *map(_line, self.figures)])
        notes = sorted({f"{one.section}: {one.note}" for one in self.figures if one.note})
        parts = [*machine, f"  {'foreign':<10}  {loads}", "", *table, "", *notes, "", KEY, ending]
        return "\n".join(parts)


def _line(figure: Figure) -> tuple[str, ...]:
    sign = "≥" if figure.more else "≤"
    goal = "" if figure.goal is None else f"{sign} {_number(figure.goal)} {figure.unit}"
    many = len(figure.values) > 1
    return (
        figure.section,
        figure.what,
        goal.strip(),
        f"{_number(figure.measured)} {figure.unit}".strip(),
        f"{_number(min(figure.values))} .. {_number(max(figure.values))}" if many else "",
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.verdict,
    )


def _number(value: float | None) -> str:
    if value is None:
        return "?"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
