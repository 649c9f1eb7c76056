"""Requests in a client's timeline, before people who may and may not read their dialog."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clients.told import requested
from crm_core.clients.timeline import ItemKind, TimelineItem
from crm_core.kernel import clock, i18n


def item(what: str, **data: Any) -> TimelineItem:
    at = clock.now()
    return TimelineItem(
        kind=ItemKind.REQUEST,
        id=1,
        at=at,
        what=what,
        text="",
        author=None,
        dialog_id=None,
        status=None,
        data=data,
        files=(),
        cursor=(at, 3, 1),
    )


@pytest.mark.parametrize(
    ("what", "data", "words"),
    [
        ("new", {"source": "Сайт", "subject": "Call"}, "Сайт · Звонок · заявка ждёт"),
        ("new", {"source": "Phone call", "subject": ""}, "Звонок · заявка ждёт"),
        (
            "rejected",
            {"source": "UIS", "rejected_for": "Spam"},
            "UIS · заявка отклонена: Спам",
        ),
        ("rejected", {"source": "UIS", "rejected_for": "Далеко"}, "заявка отклонена: Далеко"),
        ("done", {"source": "UIS", "outcome": "client"}, "заявка закрыта: заведён клиент"),
        ("accepted", {}, "заявка в работе"),
    ],
)
def test_one_line_each(what: str, data: dict[str, Any], words: str) -> None:
    with i18n.using("ru"):
        line = requested(item(what, **data), "Europe/Moscow")
    assert line.startswith("📥 сегодня")
    assert line.endswith(words)
