"""Stored bodies in, neutral events out."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from channels.webchat.parse import parse
from crm_core.dialogs.messages import InboundMessage

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").glob("*.json"))


def plain(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Events as JSON: class name and the fields that say something."""
    return [
        {"event": type(event).__name__}
        | {
            key: value
            for key, value in json.loads(json.dumps(dataclasses.asdict(event), default=str)).items()
            if value is not False and value not in (None, "", [], {})
        }
        for event in parse(body)
    ]


def body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "fixtures" / f"{name}.json").read_text())
    return found


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_body_becomes_the_expected_event(fixture: Path) -> None:
    expected = json.loads((HERE / "golden" / fixture.name).read_text())
    assert plain(json.loads(fixture.read_text())) == expected


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in (HERE / "golden").iterdir()} == {path.name for path in FIXTURES}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "other"},
        {"visitor": "4F2A"},
        {"id": "not a uuid"},
        {"at": "yesterday"},
        {"text": "я" * 4097},
        {"files": [{"sha": "../etc", "kind": "photo", "name": "x", "mime": "a/b", "size": 1}]},
    ],
)
def test_a_malformed_body_is_a_value_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(body("text") | change)


def test_length_counts_as_browsers_count() -> None:
    (event,) = parse(body("text") | {"text": "😀" * 2048})
    assert isinstance(event, InboundMessage)
    with pytest.raises(ValueError, match="too_long"):
        parse(body("text") | {"text": "😀" * 2048 + "я"})
