"""Who is asked: never too much, never somebody absent, evenly, and always with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.strategies import Candidate, Case, Decision, decide, decide_all

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
STRATEGIES = ("least_loaded", "round_robin", "everyone")


presences = st.sampled_from(["on", "on", "away", "off"])


def candidates(
    presence: st.SearchStrategy[str] = presences,
) -> st.SearchStrategy[list[Candidate]]:
    some = st.builds(
        Candidate,
        id=st.integers(1, 9),
        presence=presence,
        load=st.integers(0, 4),
        capacity=st.integers(1, 4),
        last_assigned_at=st.none()
        | st.integers(0, 99).map(lambda ago: NOW - timedelta(minutes=ago)),
        position=st.integers(0, 3),
        member=st.booleans(),
    )
    return st.lists(some, max_size=7, unique_by=lambda one: one.id)


cases = st.builds(
    Case,
    id=st.integers(1, 10**6),
    strategy=st.sampled_from(STRATEGIES),
    client_manager_id=st.none() | st.integers(1, 9),
    declined=st.frozensets(st.integers(1, 9), max_size=4),
)
several = st.lists(cases, max_size=12, unique_by=lambda case: case.id)


def decide_each(batch: list[Case], people: list[Candidate]) -> dict[int, Decision]:
    return decide_all(batch, {case.id: people for case in batch}, NOW)


@given(cases, candidates())
def test_only_people_on_shift_with_room_are_asked(case: Case, people: list[Candidate]) -> None:
    known = {one.id: one for one in people}
    for chosen in decide(case, people).employee_ids:
        one = known[chosen]
        assert one.presence == "on"
        assert one.load < one.capacity
        assert one.member or one.id == case.client_manager_id


@given(cases, candidates())
def test_there_is_always_a_reason(case: Case, people: list[Candidate]) -> None:
    decision = decide(case, people)
    assert decision.reason["why"] in {*STRATEGIES, "client_manager", "all_busy"} | {
        "nobody_on_shift",
        "all_declined",
    }
    asked = decision.reason["why"] not in {"all_busy", "nobody_on_shift"}
    assert bool(decision.employee_ids) == asked


@given(cases, candidates())
def test_the_order_of_rows_changes_nothing(case: Case, people: list[Candidate]) -> None:
    assert decide(case, people) == decide(case, people[::-1])


@given(cases, candidates())
def test_who_declined_is_asked_again_only_with_everybody(
    case: Case, people: list[Candidate]
) -> None:
    decision = decide(case, people)
    if decision.one is not None:
        assert decision.one not in case.declined


@given(cases, candidates())
def test_somebody_is_asked_whenever_somebody_has_room(case: Case, people: list[Candidate]) -> None:
    free = [one for one in people if one.member and one.available]
    assert bool(decide(case, people).employee_ids) >= bool(free)


@given(candidates(presence=st.just("on")))
def test_the_clients_manager_comes_first(people: list[Candidate]) -> None:
    for one in people:
        case = Case(id=1, client_manager_id=one.id)
        if one.load < one.capacity:
            assert decide(case, people).one == one.id
            assert decide(case, people).reason == {"why": "client_manager"}


@given(several, candidates())
def test_a_batch_never_goes_above_anybodys_room(batch: list[Case], people: list[Candidate]) -> None:
    held = {one.id: one.load for one in people}
    for decision in decide_each(batch, people).values():
        if decision.one is not None:
            held[decision.one] += 1
    full = {one.id: max(one.load, one.capacity) for one in people}
    assert all(held[id_] <= full[id_] for id_ in held)


@given(several, candidates())
def test_a_batch_is_the_same_every_time(batch: list[Case], people: list[Candidate]) -> None:
    assert decide_each(batch, people) == decide_each(batch, people)


@given(st.integers(1, 30), st.integers(1, 6), st.sampled_from(["least_loaded", "round_robin"]))
def test_equals_are_asked_equally(count: int, size: int, strategy: str) -> None:
    people = [Candidate(id=number, capacity=99) for number in range(1, size + 1)]
    batch = [Case(id=number, strategy=strategy) for number in range(count)]
    asked = [decision.one for decision in decide_each(batch, people).values()]
    shares = [asked.count(one.id) for one in people]
    assert max(shares) - min(shares) <= 1


def test_least_loaded_then_idle_for_longest() -> None:
    people = [
        Candidate(id=1, load=2, last_assigned_at=NOW - timedelta(hours=9)),
        Candidate(id=2, load=1, last_assigned_at=NOW - timedelta(minutes=1)),
        Candidate(id=3, load=1, last_assigned_at=NOW - timedelta(minutes=5)),
    ]
    decision = decide(Case(id=1), people)
    assert decision.one == 3
    assert decision.reason == {"why": "least_loaded", "load": 1, "among": 3}


def test_round_robin_goes_by_turns_whatever_they_hold() -> None:
    people = [
        Candidate(id=1, load=0, last_assigned_at=NOW),
        Candidate(id=2, load=3, last_assigned_at=NOW - timedelta(minutes=1)),
    ]
    assert decide(Case(id=1, strategy="round_robin"), people).one == 2


def test_an_offer_to_everyone_is_held_by_nobody() -> None:
    """Even when there is only one to see it: others may come on shift."""
    decision = decide(Case(id=1, strategy="everyone"), [Candidate(id=1)])
    assert decision.employee_ids == (1,)
    assert decision.one is None


def test_why_nobody() -> None:
    case = Case(id=1)
    assert decide(case, []).reason == {"why": "nobody_on_shift", "on_shift": 0}
    busy = [Candidate(id=1, load=1, capacity=1), Candidate(id=2, presence="away")]
    assert decide(case, busy).reason == {"why": "all_busy", "on_shift": 1}
