"""Who is rung: the table of decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from routing.calls.rules import Facts, Phone, Question, decide

ANNA = Phone(employee_id=1, extension="101", calls_today=3)
BORIS = Phone(employee_id=2, extension="102", calls_today=1, position=1)
CLARA = Phone(
    employee_id=3,
    extension="103",
    calls_today=1,
    position=2,
    last_call_at=datetime(2026, 11, 2, tzinfo=UTC),
)
ALL = (ANNA, BORIS, CLARA)


def phone(one: Phone, **changes: Any) -> Phone:
    fields = {name: getattr(one, name) for name in one.__slots__}
    return Phone(**{**fields, **changes})


CASES: list[tuple[str, Facts, tuple[str, ...], tuple[str, ...], str]] = [
    ("manager", Facts(manager_id=1, phones=ALL), (), ("101",), "client_manager"),
    ("least", Facts(phones=ALL), (), ("102",), "least_loaded"),
    ("turns", Facts(phones=ALL, strategy="round_robin"), (), ("101",), "round_robin"),
    ("all", Facts(phones=ALL, strategy="everyone"), (), ("101", "102", "103"), "everyone"),
    ("next", Facts(manager_id=1, phones=ALL), ("101",), ("102",), "least_loaded"),
    ("third", Facts(phones=ALL), ("101", "102"), ("103",), "least_loaded"),
    ("no more", Facts(phones=ALL), ("101", "102", "103"), (), "all_tried"),
    ("nobody", Facts(), (), (), "nobody_on_shift"),
    ("busy", Facts(phones=(phone(ANNA, busy=True),)), (), (), "all_busy"),
    ("off", Facts(phones=(phone(ANNA, presence="off"), BORIS)), (), ("102",), "least_loaded"),
    ("vip", Facts(rule="vip", vip_extension="900", phones=ALL), (), ("900",), "vip"),
    ("vip, rest", Facts(rule="vip", phones=ALL), (), ("101", "102", "103"), "vip"),
    ("closed", Facts(is_open=False, after_hours="ext:200", phones=ALL), (), ("200",), "closed"),
    ("vip at night", Facts(rule="vip", is_open=False, phones=(ANNA,)), (), ("101",), "vip"),
]


@pytest.mark.parametrize(
    ("facts", "tried", "rings", "why"), [case[1:] for case in CASES], ids=[one[0] for one in CASES]
)
def test_who_is_rung(
    facts: Facts, tried: tuple[str, ...], rings: tuple[str, ...], why: str
) -> None:
    found = decide(Question(key="k", caller="+79161234567", tried=tried), facts)
    assert (found.extensions, found.reason["why"]) == (rings, why)


def test_a_manager_who_is_away_is_told_in_the_reason() -> None:
    away = phone(ANNA, presence="away", member=False)
    found = decide(Question(key="k", caller=None), Facts(manager_id=1, phones=(away, BORIS)))
    assert found.extensions == ("102",)
    assert found.reason["manager"] == "away"


def test_a_blocked_number_hears_busy_and_the_night_may_have_a_queue() -> None:
    question = Question(key="k", caller="+79161234567")
    assert decide(question, Facts(rule="blocked", phones=ALL)).busy
    night = decide(question, Facts(is_open=False, after_hours="queue:night"))
    assert (night.queue, night.extensions) == ("night", ())
