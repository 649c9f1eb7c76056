"""What a stream shows and from where it goes on, whatever the order things become visible in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.webchat.tape import OVERLAP, Cursor, Tape, cursor

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def row(number: int, status: str | None = None, **rest: Any) -> dict[str, Any]:
    return {
        "id": number,
        "direction": "out" if status else "in",
        "status": status,
        "created_at": NOW,
        "edited_at": None,
        "files": None,
    } | rest


def ids(rows: list[Any]) -> list[int]:
    return [one["id"] for one in rows]


def test_a_row_is_shown_once_per_version() -> None:
    tape = Tape(Cursor(0, NOW))
    assert ids(tape.take([row(1), row(2, "sent")], NOW)) == [1, 2]
    assert tape.take([row(1), row(2, "read")], NOW) == []
    assert ids(tape.take([row(2, "read", edited_at=NOW)], NOW)) == [2]
    pending = [{"id": 1, "sha": None}]
    assert ids(tape.take([row(3, files=pending)], NOW)) == [3]
    assert ids(tape.take([row(3, files=[{"id": 1, "sha": "a"}])], NOW)) == [3]


@pytest.mark.parametrize("status", ["queued", "failed", "unknown"])
def test_what_has_not_left_is_hidden_and_holds_the_cursor(status: str) -> None:
    tape = Tape(Cursor(0, NOW))
    assert ids(tape.take([row(4), row(5, status), row(6)], NOW)) == [4, 6]
    assert tape.cursor.id == 4
    assert tape.waiting is (status == "queued")
    assert ids(tape.take([row(5, "sent"), row(6)], NOW)) == [5]
    assert tape.cursor.id == 6
    assert not tape.waiting


def test_an_old_failure_does_not_hold_the_cursor_for_ever() -> None:
    tape = Tape(Cursor(0, NOW))
    tape.take([row(5, "failed", created_at=NOW - timedelta(days=2)), row(6)], NOW)
    assert tape.cursor.id == 6


def test_a_late_commit_with_a_lower_id_is_shown() -> None:
    tape = Tape(Cursor(0, NOW))
    tape.take([row(8)], NOW)
    assert tape.cursor.since == NOW - OVERLAP
    assert ids(tape.take([row(7), row(8)], NOW)) == [7]
    assert tape.cursor.id == 8


def test_cursors_travel_as_text() -> None:
    there = Cursor(12, NOW)
    assert cursor(str(there), NOW + timedelta(hours=1)) == there
    assert cursor("12", NOW) == Cursor(12, NOW)
    for nonsense in ("", "x", "-1", "1-2-3", "9" * 30):
        assert cursor(nonsense, NOW) == Cursor(0, NOW)
    assert cursor("5-999999999999999", NOW).at == NOW, "nobody asks from the future"
