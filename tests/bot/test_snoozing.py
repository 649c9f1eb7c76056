"""Times people write, read in their own time zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogs.snoozing import moment_of, read_moment
from crm_core.kernel.errors import Invalid

ZONE = "Europe/Moscow"
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # 12:30 in Moscow


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("14:30", "10.03 14:30"),
        ("12:30", "11.03 12:30"),
        ("9.05", "11.03 09:05"),
        ("завтра 10:00", "11.03 10:00"),
        ("Завтра в 10:00", "11.03 10:00"),
        ("tomorrow at 7:15", "11.03 07:15"),
        ("25.12 09:00", "25.12 09:00"),
        ("25.12 в 09:00", "25.12 09:00"),
        ("01.02.2027 8:00", "01.02 08:00"),
    ],
)
def test_times_are_read(text: str, local: str) -> None:
    found = read_moment(text, NOW, ZONE)
    assert f"{found:%d.%m %H:%M}" == local
    assert found > NOW


@pytest.mark.parametrize("text", ["", "потом", "25:00", "31.02 10:00", "10:99", "в полдень"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_moment(text, NOW, ZONE)


def test_a_past_day_without_a_year_is_next_years() -> None:
    assert read_moment("09.03 10:00", NOW, ZONE).year == 2027


@pytest.mark.parametrize(
    ("choice", "local"),
    [("1h", "10.03 13:30"), ("evening", "10.03 18:00"), ("morning", "11.03 09:00")],
)
def test_choices(choice: str, local: str) -> None:
    found = moment_of(choice, NOW, ZONE).astimezone(read_moment("14:30", NOW, ZONE).tzinfo)
    assert f"{found:%d.%m %H:%M}" == local


def test_evening_that_is_over_is_tomorrows() -> None:
    late = NOW.replace(hour=16)
    assert f"{moment_of('evening', late, ZONE):%d.%m %H:%M}" == "11.03 18:00"
