"""The way back in the bytes of a button."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import trail
from bot.clients.presses import ClientPress, ClientsPress, ContactPress, MergePress, TimelinePress
from bot.dialogs.presses import DialogPress, HistoryPress
from bot.home.presses import HomePress, ListPress
from bot.search.presses import SearchPress

LARGE = 9_999_999


@given(st.integers(0, 2**40))
def test_base36_reads_back(number: int) -> None:
    assert int(trail.base36(number), 36) == number


def test_steps_lead_back_one_by_one() -> None:
    found = trail.dialog(5, trail.client(48, trail.clients_page(ClientsPress(page=2))))
    dialog = trail.opener(found)
    assert isinstance(dialog, DialogPress)
    assert dialog.id == 5
    client = trail.opener(dialog.back)
    assert client == ClientPress(do="card", id=48, back="p2")
    assert trail.opener("p2") == ClientsPress(page=2)
    assert trail.opener(trail.search_page("messages", 3)) == SearchPress(tab="messages", page=3)
    assert trail.opener("w1") == ListPress(which="waiting", page=1)


@pytest.mark.parametrize(
    "forged", ["", "k", "kя", "p-", "f", "fz1", "fa", "?", "d5!", "z9", "...."]
)
def test_what_cannot_be_read_leads_home(forged: str) -> None:
    assert trail.opener(forged) == HomePress(to="home")


def test_circles_keep_where_one_came_from() -> None:
    here = trail.clients_page(ClientsPress())
    for _round in range(20):
        here = trail.dialog(LARGE, trail.client(LARGE, here))
        assert len(here) <= trail.LONGEST
    assert here.endswith("p0")


@given(st.lists(st.tuples(st.sampled_from("kd"), st.integers(1, LARGE)), max_size=12))
def test_every_button_with_a_trail_fits(steps: list[tuple[str, int]]) -> None:
    here = trail.search_page("messages", 28)
    for letter, number in steps:
        here = trail.push(f"{letter}{trail.base36(number)}", here)
    cursor = f"{trail.base36(2**50)}-2-{trail.base36(LARGE * 10)}"
    TimelinePress(id=LARGE, only="m", before=cursor, back=here).pack()
    ContactPress(do="restore", id=LARGE, contact=LARGE, back=here).pack()
    MergePress(do="compare", id=LARGE, gone=LARGE, back=here).pack()
    HistoryPress(id=LARGE, before=LARGE * 10, back=here).pack()
    assert trail.back(here).callback_data
