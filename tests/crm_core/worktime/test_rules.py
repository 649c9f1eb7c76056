"""Working time as arithmetic: it adds up, has an inverse, knows clocks, nights and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.worktime.hours import Hours
from crm_core.worktime.queries import Settings, built
from crm_core.worktime.rules import Calendar, add_working, working_seconds

HOUR = 3600
WEEKS = (
    "Mon-Fri 09:00-18:00",
    "Mon-Fri 09:00-13:00,14:00-18:00; Sat 10:00-15:00",
    "Mon-Sun 22:00-06:00",
    "Fri-Sat 18:00-24:00; Sun 00:00-08:00",
    "",
)
ZONES = ("Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Sydney")
calendars = st.builds(
    lambda hours, zone, country: built(Settings(hours=hours, timezone=zone, country=country)),
    st.sampled_from(WEEKS),
    st.sampled_from(ZONES),
    st.sampled_from(("ru", "none")),
)
moments = st.integers(0, 900 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
lengths = st.timedeltas(timedelta(), timedelta(days=40))
few = settings(max_examples=40, deadline=None)
OFFICE = built(Settings(hours=WEEKS[1]))


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow"))


@few
@given(calendars, moments, lengths, lengths)
def test_it_adds_up(calendar: Calendar, at: datetime, one: timedelta, two: timedelta) -> None:
    whole = working_seconds(at, at + one + two, calendar)
    parts = working_seconds(at, at + one, calendar)
    assert whole == pytest.approx(parts + working_seconds(at + one, at + one + two, calendar))
    assert 0 <= whole <= (one + two).total_seconds() + 1e-6


@few
@given(calendars, moments, st.integers(1, 200 * HOUR))
def test_adding_is_the_inverse_and_the_earliest(
    calendar: Calendar, at: datetime, seconds: int
) -> None:
    due = add_working(at, seconds, calendar)
    assert due is not None
    assert working_seconds(at, due, calendar) == pytest.approx(seconds)
    assert working_seconds(at, due - timedelta(seconds=1), calendar) < seconds


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-20 17:00", "2026-11-23 10:00", 7),  # a weekend with a working Saturday morning
        ("2026-11-20 12:30", "2026-11-20 14:30", 1),  # lunch
        ("2026-04-30 16:00", "2026-05-04 10:00", 7),  # short day, holiday; Saturday is worked
        ("2025-11-01 09:00", "2025-11-05 09:00", 4),  # a worked Saturday, short, then days off
        ("2026-12-31 09:00", "2027-01-11 10:00", 1 + 5),  # of New Year only Saturday the ninth
        ("2026-11-20 17:00", "2026-11-20 16:00", 0),
    ],
)
def test_weekends_lunches_holidays(start: str, end: str, hours: float) -> None:
    assert working_seconds(moscow(start), moscow(end), OFFICE) == hours * HOUR


def test_an_hour_of_the_night_the_clocks_change() -> None:
    night = Calendar(Hours.parse("Sat 22:00-06:00"), "Europe/Berlin")
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert working_seconds(spring, spring + timedelta(days=1), night) == 7 * HOUR
    assert working_seconds(autumn, autumn + timedelta(days=1), night) == 9 * HOUR


def test_the_norm_of_the_production_calendar() -> None:
    """247 days and 1972 hours of eight-hour days, in 2025 as in 2026."""
    week = built(Settings(hours="Mon-Fri 09:00-13:00,14:00-18:00"))
    for year in (2025, 2026):
        begin, end = moscow(f"{year}-01-01"), moscow(f"{year + 1}-01-01")
        assert working_seconds(begin, end, week) == 1972 * HOUR
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
        assert sum(bool(week.of(day)) for day in days) == 247


def test_own_days_have_the_last_word() -> None:
    own = {"2026-12-31": "10:00-14:00", "2027-01-08": "on", "2026-12-30": "off"}
    known = built(Settings(days=own))
    hours = {day: sum(end - low for low, end in known.of(date.fromisoformat(day))) for day in own}
    assert hours == {"2026-12-31": 240, "2027-01-08": 540, "2026-12-30": 0}


def test_without_any_work_there_is_no_moment() -> None:
    never = Calendar(Hours.parse("Mon 09:00-18:00"), "UTC", dict.fromkeys(_mondays(), ()))
    assert add_working(datetime(2026, 1, 1, tzinfo=UTC), 1, never) is None


def _mondays() -> list[date]:
    return [date(2025, 12, 22) + timedelta(weeks=number) for number in range(220)]
