"""Buttons of classification with long numbers and a long way back still fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot import trail
from bot.catalogues.presses import UnderPress
from bot.classification.presses import (
    ChannelPress,
    ClassPress,
    InterestPress,
    PickPress,
    SourcePress,
)

LARGE = 9_999_999


@given(st.lists(st.tuples(st.sampled_from("kd"), st.integers(1, LARGE)), max_size=12))
def test_every_button_fits(steps: list[tuple[str, int]]) -> None:
    here = trail.group_page(LARGE, 28)
    assert trail.opener(here) == UnderPress(id=LARGE, page=28)
    for letter, number in steps:
        here = trail.push(f"{letter}{trail.base36(number)}", here)
    PickPress(id=LARGE, of=999, at=LARGE, page=28, flip=-LARGE // 10, back=here).pack()
    SourcePress(id=LARGE, item=LARGE, who=LARGE, back=here).pack()
    ChannelPress(id=LARGE, item=LARGE, back=here).pack()
    InterestPress(id=LARGE, page=28, back=here).pack()
    ClassPress(id=LARGE, page=28, back=here).pack()
