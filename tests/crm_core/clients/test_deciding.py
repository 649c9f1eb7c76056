"""Statuses by rules and fullness of cards, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.clients.standing.conditions import FILLABLE, Condition, Facts, What
from crm_core.clients.standing.deciding import (
    Part,
    Policy,
    Rule,
    Status,
    decide,
    due,
    missing,
    percent,
    require_whole,
    shared_out,
)
from crm_core.kernel.errors import Invalid

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FLAGS = ("phone", "email", "messenger", "contact", "manager", "note")
FIELDS = ("city", "branch")
BARE = Facts(id=1, created_at=NOW - timedelta(days=400), fields={})

fillable = st.sampled_from(FILLABLE).flatmap(
    lambda what: (
        st.sampled_from(FIELDS).map(lambda key: Condition(what=what, key=key))
        if what is What.FIELD
        else st.just(Condition(what=what))
    )
)
templates = st.lists(fillable, min_size=1, max_size=8, unique=True).flatmap(
    lambda found: st.lists(st.integers(1, 50), min_size=len(found), max_size=len(found)).map(
        lambda shares: _weighted(found, shares)
    )
)


def _weighted(found: list[Condition], shares: list[int]) -> tuple[Part, ...]:
    """Weights in these proportions that sum to 100."""
    weights = [max(1, 100 * share // sum(shares)) for share in shares]
    weights[weights.index(max(weights))] += 100 - sum(weights)
    return tuple(
        Part(condition=one, weight=weight) for one, weight in zip(found, weights, strict=True)
    )


def _yes(flags: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(flags, True)


facts = st.builds(
    lambda flags, keys, roles: replace(
        BARE, **_yes(flags), fields=dict.fromkeys(keys, "x"), roles=tuple(roles)
    ),
    st.sets(st.sampled_from(FLAGS)),
    st.sets(st.sampled_from(FIELDS)),
    st.sets(st.sampled_from(["client", "partner"])),
)


def _filled_more(one: Facts, flag: str) -> Facts:
    if flag in FIELDS:
        return replace(one, fields={**one.fields, flag: "y"})
    if flag == "roles":
        return replace(one, roles=(*one.roles, "supplier"))
    return replace(one, **_yes([flag]))


@given(templates, facts)
def test_percent_is_the_weight_of_what_is_filled(template: tuple[Part, ...], one: Facts) -> None:
    require_whole(template)
    found = percent(template, one, NOW)
    assert found is not None
    assert 0 <= found <= 100
    assert found + sum(part.weight for part in missing(template, one, NOW)) == 100
    everything = replace(BARE, **_yes(FLAGS), fields=dict.fromkeys(FIELDS, "x"), roles=("client",))
    assert percent(template, everything, NOW) == 100
    assert percent(template, BARE, NOW) == 0


@given(templates, facts, st.sampled_from([*FLAGS, *FIELDS, "roles"]))
def test_filling_in_never_makes_a_card_emptier(
    template: tuple[Part, ...], one: Facts, flag: str
) -> None:
    before, after = percent(template, one, NOW), percent(template, _filled_more(one, flag), NOW)
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.lists(fillable, max_size=30, unique=True))
def test_even_shares_sum_to_a_hundred(found: list[Condition]) -> None:
    parts = shared_out(found)
    require_whole(parts)
    weights = [part.weight for part in parts]
    assert max(weights, default=0) - min(weights, default=0) <= 1


@pytest.mark.parametrize(("weights", "total"), [((50, 49), "99"), ((50, 51), "101"), ((1,), "1")])
def test_a_wrong_sum_is_refused_and_named(weights: tuple[int, ...], total: str) -> None:
    found = [Condition(what=What.PHONE), Condition(what=What.EMAIL)]
    parts = [
        Part(condition=one, weight=weight) for one, weight in zip(found, weights, strict=False)
    ]
    with pytest.raises(Invalid, match=f"sum to {total}:"):
        require_whole(parts)


def test_nothing_stands_in_a_template_twice() -> None:
    twice = [Part(condition=Condition(what=What.PHONE), weight=50)] * 2
    with pytest.raises(Invalid, match="twice"):
        require_whole(twice)
    require_whole([])
    assert percent((), BARE, NOW) is None


def _policy(*rules: tuple[int, list[dict[str, Any]]]) -> Policy:
    statuses = {
        n: Status(
            id=n, title=f"S{n}", mark="⬜", color="#000000", is_default=n == 1, archived=n == 9
        )
        for n in (1, 2, 3, 9)
    }
    return Policy(
        statuses=statuses,
        rules=[
            Rule(id=n, status_id=status, conditions=tuple(Condition(**one) for one in conditions))
            for n, (status, conditions) in enumerate(rules)
        ],
    )


def test_the_first_rule_that_fits_decides() -> None:
    policy = _policy(
        (9, [{"what": "phone", "no": True}]),  # put away
        (3, []),  # asks nothing, gives nothing
        (2, [{"what": "phone"}, {"what": "field_is", "key": "city", "value": "Tula"}]),
        (3, [{"what": "phone"}]),
    )
    phone = replace(BARE, phone=True)
    assert decide(policy, BARE, NOW) == 1, "the default"
    assert decide(policy, phone, NOW) == 3
    assert decide(policy, replace(phone, fields={"city": "Tula"}), NOW) == 2
    assert decide(policy, replace(phone, fields={"city": ["Omsk", "Tula"]}), NOW) == 2
    assert decide(Policy(statuses={}), BARE, NOW) is None


def test_silence_begins_with_the_last_message_or_the_card() -> None:
    policy = _policy(
        (2, [{"what": "silent_in", "days": 90}, {"what": "dialog", "no": True}]),
        (3, [{"what": "silent_in", "days": 30}]),
    )
    at = NOW - timedelta(days=30)
    assert decide(policy, BARE, NOW) == 2, "never wrote, and the card is old"
    wrote = replace(BARE, last_in=at)
    assert decide(policy, wrote, NOW) == 3
    assert due(policy, wrote, NOW) == at + timedelta(days=90)
    assert decide(policy, wrote, NOW - timedelta(seconds=1)) == 1
    assert due(policy, wrote, NOW - timedelta(seconds=1)) == NOW
    assert due(policy, BARE, NOW) is None
    talks = replace(wrote, last_in=NOW - timedelta(days=91), dialog=True)
    assert decide(policy, talks, NOW) == 3


@given(facts, st.integers(0, 200), st.integers(1, 200), st.integers(0, 400))
def test_nothing_changes_before_it_is_due(one: Facts, since: int, days: int, later: int) -> None:
    policy = _policy(
        (2, [{"what": "silent_out", "days": days}]), (3, [{"what": "silent_in", "days": days * 2}])
    )
    known = replace(one, last_in=NOW - timedelta(days=since))
    at = due(policy, known, NOW)
    then = NOW + timedelta(days=later)
    if at is None or then < at:
        assert decide(policy, known, then) == decide(policy, known, NOW)
