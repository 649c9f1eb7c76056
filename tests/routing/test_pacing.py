"""Pacing, by a clock of our own: rate, burst, chats, groups, and what the provider asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from routing.contracts import Pacing
from routing.outbound.pacing import Bucket, Pacer

PACING = Pacing(rate=10, burst=5, chat_rate=1, chat_burst=3, group_rate=0.5, group_burst=2)


def moments(chats: list[str], *, groups: frozenset[str] = frozenset()) -> list[tuple[float, str]]:
    """When each request leaves, the first chat that may go first; time moves by itself."""
    pacer, now, left = Pacer(PACING), 0.0, list(chats)
    sent: list[tuple[float, str]] = []
    while left:
        resting = pacer.resting(now)
        ready = [chat for chat in left if chat not in resting]
        if pacer.tokens(now) and ready:
            left.remove(ready[0])
            pacer.take(ready[0], now, group=ready[0] in groups)
            sent.append((round(now, 3), ready[0]))
            continue
        waits = [pacer.lane_wait(now)] if ready else list(resting.values())
        now += max(min(waits), 1e-6)
    return sent


def test_a_burst_then_the_rate() -> None:
    times = [at for at, _ in moments([f"c{number}" for number in range(25)])]
    assert times[:5] == [0.0] * 5
    assert times[5:] == [round(0.1 * number, 3) for number in range(1, 21)]


def test_one_chat_has_its_own_burst_and_rate() -> None:
    assert [at for at, _ in moments(["c"] * 6)] == [0, 0, 0, 1, 2, 3]


def test_a_group_is_slower() -> None:
    assert [at for at, _ in moments(["g"] * 4, groups=frozenset("g"))] == [0, 0, 2, 4]


def test_a_resting_chat_does_not_hold_up_the_others() -> None:
    sent = moments(["a"] * 5 + ["b"])
    assert (0.0, "b") in sent


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60))
def test_never_faster_than_agreed(chats: list[str]) -> None:
    sent = moments(chats, groups=frozenset("gh"))
    assert sorted(chat for _, chat in sent) == sorted(chats)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            span = sent[last][0] - sent[first][0]
            assert last - first + 1 <= PACING.burst + PACING.rate * span + 0.05
    for chat in set(chats):
        times = [at for at, one in sent if one == chat]
        rate, burst = (0.5, 2) if chat in "gh" else (1, 3)
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= burst + rate * (times[last] - times[first]) + 0.05


def test_a_held_lane_sends_nothing() -> None:
    pacer = Pacer(PACING)
    pacer.hold(None, 7.0)
    pacer.hold(None, 3.0)
    assert pacer.tokens(6.9) == 0
    assert round(pacer.lane_wait(6.0), 3) == 1.0
    assert pacer.tokens(7.0) == 5


def test_a_held_chat_rests_alone() -> None:
    pacer = Pacer(PACING)
    pacer.hold("a", 4.0)
    pacer.hold("a", 2.0)
    assert pacer.resting(1.0) == {"a": 3.0}
    assert pacer.tokens(1.0) == 5
    assert pacer.resting(4.0) == {}


def test_chats_at_rest_are_forgotten() -> None:
    pacer = Pacer(PACING)
    for number in range(100):
        pacer.take(f"c{number}", 0.0, group=False)
    pacer.resting(10.0)
    assert not pacer._chats


def test_a_clock_that_stands_gives_no_tokens() -> None:
    bucket = Bucket(rate=2, burst=1)
    bucket.take(5.0)
    assert bucket.wait(5.0) == 0.5
    assert bucket.wait(5.5) == 0.0
    assert bucket.level <= bucket.burst
