"""Who is rung: the table of decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from routing.calls.rules import Facts, Opening, Phone, Question, decide

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
NIGHT = Opening(is_open=False, after_hours="ext:200")


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
    ("closed", Facts(opening=NIGHT, phones=ALL), (), ("200",), "closed"),
    ("vip at night", Facts(rule="vip", opening=NIGHT, phones=(ANNA,)), (), ("101",), "vip"),
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
    night = decide(question, Facts(opening=Opening(is_open=False, after_hours="queue:night")))
    assert (night.queue, night.extensions) == ("night", ())


def to_number(target: str, **more: Any) -> Facts:
    return Facts(phones=ALL, opening=Opening(target=target), **more)


def test_the_dialled_number_leads_to_phones_and_then_to_the_queue() -> None:
    question = Question(key="k", caller="+79161234567", did="74950012")
    found = decide(question, to_number("ext:201&202"))
    assert found.extensions == ("201", "202")
    assert found.reason == {"why": "number", "did": "74950012", "target": "ext:201&202"}
    again = Question(key="k", caller="+79161234567", did="74950012", tried=("201", "202"))
    assert decide(again, to_number("ext:201&202")).reason["why"] == "least_loaded"


def test_the_dialled_number_leads_to_a_queue_of_the_pbx_or_to_ours() -> None:
    question = Question(key="k", caller="+79161234567", did="74950012")
    assert decide(question, to_number("queue:support")).queue == "support"
    ours = decide(question, to_number("Сервис", queue="Сервис"))
    assert (ours.extensions, ours.reason["queue"]) == (("102",), "Сервис")
    gone = decide(question, to_number("Сервис", queue="Продажи"))
    assert (gone.reason["queue"], gone.reason["no_queue"]) == ("Продажи", "Сервис")


def test_the_clients_manager_comes_before_the_number_and_the_block_before_all() -> None:
    question = Question(key="k", caller="+79161234567", did="74950012")
    found = decide(question, to_number("queue:support", manager_id=1))
    assert (found.extensions, found.reason["why"]) == (("101",), "client_manager")
    assert decide(question, to_number("queue:support", rule="blocked")).busy
