"""Every kind of update in, neutral events out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import Message, Update
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.telegram import vocabulary
from channels.telegram.parse import parse
from channels.telegram.wire import Message as OurMessage
from crm_core.dialogs.messages import InboundMessage, Kind
from tests.channels.telegram.samples import FIXTURES, HERE, body, plain


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_update_becomes_the_expected_events(fixture: Path) -> None:
    expected = json.loads((HERE / "golden" / fixture.name).read_text())
    assert plain(json.loads(fixture.read_text())) == expected


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in (HERE / "golden").iterdir()} == {path.name for path in FIXTURES}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_fixtures_have_the_real_shape(fixture: Path) -> None:
    update = json.loads(fixture.read_text())
    update.pop("pult", None)
    Update.model_validate(update)


def test_every_kind_of_message_has_a_fixture() -> None:
    events = [event for path in FIXTURES for event in parse(json.loads(path.read_text()))]
    assert {event.kind for event in events if isinstance(event, InboundMessage)} == set(Kind)
    assert len({type(event) for event in events}) == 5  # all but receipts: bots get none


def test_every_field_the_library_knows_is_sorted() -> None:
    """A new version of the library brings new fields: each has to be given its meaning."""
    known = {field.alias or name for name, field in Message.model_fields.items()}
    ours = {field.alias or name for name, field in OurMessage.model_fields.items()}
    sorted_fields = vocabulary.ABOUT | vocabulary.SERVICE | vocabulary.UNSUPPORTED
    assert known - ours - sorted_fields == set()
    assert not vocabulary.ABOUT & vocabulary.SERVICE
    assert not vocabulary.SERVICE & vocabulary.UNSUPPORTED


@pytest.mark.parametrize("name", sorted(vocabulary.UNSUPPORTED))
def test_what_we_can_not_show_is_named_and_kept(name: str) -> None:
    update = body("nothing_known")
    update["message"][name] = {"title": "как называется"}
    (event,) = parse(update)
    assert isinstance(event, InboundMessage)
    assert (event.kind, event.context["unsupported"]) == (Kind.UNSUPPORTED, name)
    assert event.text == f"{name.replace('_', ' ')}: как называется"


@pytest.mark.parametrize("name", sorted(vocabulary.SERVICE))
def test_service_messages_are_nobodys_words(name: str) -> None:
    update = body("nothing_known")
    update["message"][name] = True
    assert parse(update) == []


@pytest.mark.parametrize(
    "change",
    [
        {"update_id": "seven"},
        {"update_id": None},
        {"message": []},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": "soon", "chat": {"id": 1, "type": "private"}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": "x", "type": "private"}}},
        {"callback_query": {"id": "1"}},
    ],
    ids=str,
)
def test_a_malformed_body_is_a_value_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        parse({"update_id": 1} | change)


NAMES = ["message", "edited_message", "callback_query", "my_chat_member", "poll"]
FIELDS = ["chat", "from", "date", "message_id", "id", "text", "photo", "sticker", "location"]
WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**70, "", "x", [], [{}], {}, {"id": 1}, {"id": "x"}]
)
PARTS = st.dictionaries(st.sampled_from(FIELDS), WRONG)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), WRONG | PARTS))
def test_no_body_breaks_parsing_otherwise(rest: dict[str, Any]) -> None:
    try:
        parse({"update_id": 1} | rest)
    except ValueError:
        return
