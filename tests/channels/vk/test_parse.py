"""Every kind of event in, neutral events out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.vk.longpoll import WANTED
from channels.vk.parse import EVENTS, parse
from channels.vk.people import numbers_in
from crm_core.dialogs.messages import InboundMessage, Kind
from tests.channels.vk.samples import FIXTURES, HERE, body, plain


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_event_becomes_the_expected_events(fixture: Path) -> None:
    expected = json.loads((HERE / "golden" / fixture.name).read_text())
    assert plain(json.loads(fixture.read_text())) == expected


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in (HERE / "golden").iterdir()} == {path.name for path in FIXTURES}


def test_everything_we_understand_is_asked_for_and_has_a_fixture() -> None:
    assert set(WANTED) == set(EVENTS)
    assert set(EVENTS) <= {json.loads(path.read_text())["type"] for path in FIXTURES}


def test_kinds_that_vk_has_have_fixtures() -> None:
    events = [event for path in FIXTURES for event in parse(json.loads(path.read_text()))]
    kinds = {event.kind for event in events if isinstance(event, InboundMessage)}
    assert set(Kind) - kinds == {Kind.VIDEO, Kind.VIDEO_NOTE, Kind.CONTACT}


def test_everybody_an_event_names_is_asked_for() -> None:
    assert set(numbers_in(body("forward")["object"])) == {600000001, 600000002}
    assert set(numbers_in(body("own_typed")["object"])) == {600000009}
    assert set(numbers_in(body("order_inside")["object"])) == {600000001}
    assert set(numbers_in(None)) == set()


@pytest.mark.parametrize("kind", ["gift", "call", "poll", "story", "hologram", "money_transfer"])
def test_what_we_can_not_show_is_named_and_kept(kind: str) -> None:
    update = body("nothing_known")
    update["object"]["message"]["attachments"] = [{"type": kind, kind: {"title": "роза"}}]
    (event,) = parse(update)
    assert isinstance(event, InboundMessage)
    assert event.kind is Kind.UNSUPPORTED
    assert event.text.strip()
    update["object"]["message"]["text"] = "со словами"
    (event,) = parse(update)
    assert isinstance(event, InboundMessage)
    assert event.kind is Kind.TEXT
    assert event.text.startswith("со словами\n")


def test_forwards_within_forwards_end_somewhere() -> None:
    update = body("forward")
    inner = update["object"]["message"]["fwd_messages"][0]
    for _ in range(60):
        inner = {"from_id": 5, "date": 1, "text": "глубже", "fwd_messages": [inner]}
    update["object"]["message"]["fwd_messages"] = [inner]
    (event,) = parse(update)
    assert isinstance(event, InboundMessage)
    assert event.text.count("глубже") == 6


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"group_id": "x"},
        {"object": []},
        {"object": {"message": {"id": 1}}},
        {"object": {"message": {"from_id": 5, "date": 1, "peer_id": 5, "text": "без номера"}}},
        {"object": {"message": {"from_id": 5, "date": "soon"}}},
        {"type": "message_event", "object": {"user_id": 5}},
        {"type": "message_read", "object": {}},
        {"type": "market_order_new", "object": {"id": 1}},
    ],
    ids=str,
)
def test_a_malformed_body_is_a_value_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"validation error|peer_id"):
        parse(body("text") | change)


FIELDS = ["message", "from_id", "peer_id", "date", "text", "attachments", "fwd_messages", "geo"]
WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**70, "", "x", [], [{}], {}, {"type": "photo"}, [{"type": "photo"}]]
)
PARTS = st.dictionaries(st.sampled_from(FIELDS), WRONG)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(EVENTS)), PARTS, PARTS)
def test_no_body_breaks_parsing_otherwise(
    kind: str, outer: dict[str, Any], inner: dict[str, Any]
) -> None:
    good = {"from_id": 5, "peer_id": 5, "date": 1, "conversation_message_id": 1}
    try:
        parse({"type": kind, "group_id": 1, "object": {"message": good | inner} | outer})
    except ValueError:
        return
