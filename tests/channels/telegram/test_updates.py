"""Keys, chats and order of raw updates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from channels.telegram import updates
from channels.telegram.config import Config
from tests.channels.telegram.samples import FIXTURES, body

CONFIG = Config(token=SecretStr("1:a"), download_limit_mb=2000)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b'{"update_id":true}', b'"\xff"'])
def test_what_is_no_update_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"update_id|document|unexpected|UTF-8"):
        updates.decode(raw)


def test_an_update_is_stored_with_what_parsing_needs() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    raw = updates.event(body("text"), CONFIG, at)
    assert raw.key == str(body("text")["update_id"])
    assert raw.body == body("text") | {
        "pult": {"received": "2026-01-01T00:00:00+00:00", "download_limit": 2000 * 1024 * 1024}
    }


def test_every_kind_of_update_names_its_chat() -> None:
    nowhere = {path.stem for path in FIXTURES if not updates.chat_of(json.loads(path.read_text()))}
    assert nowhere == set()
    assert updates.chat_of(body("callback_query")) == "5100000001"
    assert updates.chat_of(body("group_text")) == "-1001700000001"
    assert updates.chat_of({"update_id": 1, "message": {"chat": []}, "poll": {}}) == ""


def test_lanes_keep_the_order_within_a_chat() -> None:
    def update(number: int, chat: int) -> dict[str, Any]:
        return {"update_id": number, "message": {"chat": {"id": chat}}}

    batch = [update(1, 7), update(2, 8), update(3, 7), update(4, 8), update(5, 9)]
    numbers = [[item["update_id"] for item in lane] for lane in updates.lanes(batch)]
    assert numbers == [[1, 3], [2, 4], [5]]
