"""Periods: by name, by days, turned forward and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.presses import PRESETS, ReportPress, days_of, mark, span_of, unpacked
from crm_core.kernel.errors import Invalid
from crm_core.reports.periods import Period, Preset, of_preset, read, shifted

TODAY = date(2026, 11, 22)  # a Sunday
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("this_week", "2026-11-16", "2026-11-22"),
        ("last_week", "2026-11-09", "2026-11-15"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-12-31"),
    ],
)
def test_presets(preset: Preset, first: str, last: str) -> None:
    assert of_preset(preset, TODAY) == period(first, last)


def test_turning_keeps_whole_months_whole() -> None:
    month = period("2026-03-01", "2026-03-31")
    assert shifted(month, -1) == period("2026-02-01", "2026-02-28")
    assert shifted(period("2026-10-01", "2026-12-31"), 1) == period("2027-01-01", "2027-03-31")
    assert shifted(period("2026-11-16", "2026-11-22"), 1) == period("2026-11-23", "2026-11-29")


@given(st.sampled_from(list(PRESETS.values())), days)
def test_there_and_back_again(preset: Preset, today: date) -> None:
    found = of_preset(preset, today)
    assert shifted(shifted(found, 1), -1) == found
    assert shifted(found, 1).first == found.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("01.03.2026 - 31.03.2026", "2026-03-01", "2026-03-31"),
        ("1.3.26—5.3.26", "2026-03-01", "2026-03-05"),
        ("1.03 - 5.03", "2026-03-01", "2026-03-05"),
        ("с 2026-03-01 по 2026-03-05", "2026-03-01", "2026-03-05"),
        ("5.03.2026", "2026-03-05", "2026-03-05"),
    ],
)
def test_days_as_people_write_them(text: str, first: str, last: str) -> None:
    assert read(text, TODAY) == period(first, last)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("март", "Write the days like"),
        ("31.02.2026", "Write the days like"),
        ("1.1.2026 2.1.2026 3.1.2026", "Write the days like"),
        ("5.3.2026-1.3.2026", "ends before it begins"),
        ("1.1.2020-1.1.2026", "three years"),
        ("1.1.1990", "between the years"),
    ],
)
def test_days_that_can_not_be_are_said(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(text, TODAY)


@given(days, st.integers(0, 1000), st.integers(1, 99_999), st.integers(0, 99))
def test_a_button_and_a_trail_hold_the_whole_question(
    first: date, length: int, who: int, page: int
) -> None:
    found = Period(first, first + timedelta(days=length))
    asked = ReportPress(
        do="items",
        key="work",
        cut="m",
        span=span_of(found),
        who=who,
        src=mark("Сайт"),
        queue=123,
        row=mark("Сайт", None),
        page=page,
    )
    assert len(asked.pack().encode()) <= 64
    assert ReportPress.unpack(asked.pack()) == asked
    assert unpacked(asked.packed()) == asked
    assert days_of(asked.span) == (found.first, found.last)
