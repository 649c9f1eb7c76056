"""A button's prefix says whose it is: two kinds of buttons never share one."""

from __future__ import annotations

import re
from collections import Counter

from tests.contracts.house import ROOT

PREFIX = re.compile(r'CallbackData, prefix="(\w+)"')


def test_no_two_kinds_of_buttons_have_one_prefix() -> None:
    found = Counter(
        prefix
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for prefix in PREFIX.findall(path.read_text("utf-8"))
    )
    assert len(found) > 50
    assert [prefix for prefix, count in found.items() if count > 1] == []
