"""docs/features.md and the tests say the same about what works."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([A-Z]+-\d\d) \|.*\| `([^`]+)::(\w+)` \|$", re.MULTILINE)
MARK = re.compile(r"@pytest\.mark\.feature\(([^)]*)\)\n(?:@[^\n]*\n)*(?:async )?def (\w+)")


def documented() -> set[tuple[str, str, str]]:
    """(row, file, test) of the register."""
    text = (ROOT / "docs" / "features.md").read_text()
    return {(found[1], found[2], found[3]) for found in ROW.finditer(text)}


def marked() -> set[tuple[str, str, str]]:
    """(row, file, test) of every marked test."""
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        name = str(path.relative_to(ROOT))
        for ids, test in MARK.findall(path.read_text()):
            found |= {(row, name, test) for row in re.findall(r'"([A-Z]+-\d\d)"', ids)}
    return found


def test_every_documented_row_has_its_marked_test() -> None:
    assert documented() - marked() == set()


def test_every_marked_row_stands_in_the_register() -> None:
    rows = {row for row, _, _ in documented()}
    assert {row for row, _, _ in marked()} - rows == set()


def test_the_register_is_not_empty() -> None:
    assert documented()
