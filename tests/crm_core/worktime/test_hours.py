"""Working hours as admins write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_core.worktime.hours import Hours

WEEK = "Mon-Fri 09:00-18:00; Sat 10:00-15:00"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-02T09:00+03:00", True),
        ("2026-11-02T08:59+03:00", False),
        ("2026-11-02T18:00+03:00", False),
        ("2026-11-07T14:59+03:00", True),
        ("2026-11-08T12:00+03:00", False),
        ("2026-11-02T06:30+00:00", True),
    ],
)
def test_open_or_not(moment: str, is_open: bool) -> None:
    at = datetime.fromisoformat(moment)
    assert Hours.parse(WEEK).open_at(at, "Europe/Moscow") is is_open


def test_without_hours_it_is_always_open() -> None:
    assert Hours.parse("").open_at(datetime.fromisoformat("2026-11-08T03:00+03:00"), "UTC")


@pytest.mark.parametrize("text", ["nine to five", "Mon 9-18", "Foo-Bar 09:00-18:00"])
def test_nonsense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Mon-Fri 09:00-18:00"):
        Hours.parse(text)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-02T12:59+03:00", True),
        ("2026-11-02T13:00+03:00", False),
        ("2026-11-02T14:00+03:00", True),
        ("2026-11-06T23:30+03:00", True),
        ("2026-11-07T05:59+03:00", True),
        ("2026-11-07T06:00+03:00", False),
    ],
)
def test_lunch_and_nights(moment: str, is_open: bool) -> None:
    hours = Hours.parse("Mon-Thu 09:00-13:00, 14:00-18:00; Fri 22:00-06:00")
    assert hours.open_at(datetime.fromisoformat(moment), "Europe/Moscow") is is_open


@pytest.mark.parametrize(
    "text", ["Mon 09:00-12:00,11:00-15:00", "Mon 25:00-26:00", "Mon 09:70-10:00", "Mon 9:00-9:00"]
)
def test_hours_that_can_not_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Mon-Fri 09:00-18:00"):
        Hours.parse(text)
