"""Recorded calls are told as they were, also when the link doubles, disorders or loses events."""

from __future__ import annotations

import random

import pytest

from crm_core.calls.shapes import CallSeen
from telephony.asterisk.parse import AmiEvent
from telephony.asterisk.tracker import Tracker
from tests.telephony.asterisk.replay import (
    NAMES,
    events,
    expected,
    lines,
    living,
    moment,
    play,
)

EXPECTED = expected()
# Channels' events overtake each other by this much at most (seconds; seen: 0.012).
OVERTAKING = 0.03


def test_every_recording_has_its_expected_calls() -> None:
    assert set(NAMES) == set(EXPECTED)
    assert len([name for name in NAMES if "/" not in name]) == 37


@pytest.mark.parametrize("name", NAMES)
def test_calls_are_told_as_they_were(name: str) -> None:
    assert lines(play(events(name))) == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_doubled_events_change_nothing(name: str) -> None:
    doubled = [event for one in events(name) for event in (one, one)]
    assert lines(play(doubled)) == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_all_of_it_twice_changes_nothing(name: str) -> None:
    stream = events(name)
    assert lines(play(stream + stream)) == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_events_that_overtake_each_other_change_nothing(name: str) -> None:
    stream, dice = events(name), random.Random(name)  # noqa: S311 - no secret
    for _ in range(20):
        late = [(moment(event) + dice.random() * OVERTAKING, event) for event in stream]
        mixed = [event for _, event in sorted(late, key=lambda pair: pair[0])]
        assert lines(play(mixed)) == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_gap_in_the_link_loses_no_living_call(name: str) -> None:
    """Whatever stretch is lost, after a look at the PBX's channels every call is closed rightly."""
    stream, dice = events(name), random.Random(name)  # noqa: S311 - no secret
    whole = {call.key: call for call in play(stream)}
    for _ in range(40 if stream else 0):
        begin, end = sorted(dice.sample(range(1, len(stream) + 1), 2))
        for key, call in gapped(stream, begin, end).items():
            assert key in whole, "a call that never was"
            assert call.state == "ended"
            assert call.direction == whole[key].direction
            assert call.number in {whole[key].number, None}
            assert call.outcome in {whole[key].outcome, "unknown"}


def gapped(stream: list[AmiEvent], begin: int, end: int) -> dict[str, CallSeen]:
    """Calls seen when the events from `begin` to `end` were lost."""
    tracker = Tracker()
    seen = {call.key: call for call in play(stream[:begin], tracker)}
    at = max(map(moment, stream[:end])) + 1e-6
    tracker.resync(living(stream, at), at)
    seen |= {call.key: call for call in tracker.changed()}
    seen |= {call.key: call for call in play(stream[end:], tracker)}
    return seen
