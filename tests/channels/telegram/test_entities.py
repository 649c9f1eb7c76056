"""Formatting travels to Telegram and back."""

from __future__ import annotations

import pytest
from aiogram.types import MessageEntity, User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.telegram.entities import DETECTED, FORMATTING, to_neutral, to_telegram
from crm_core.dialogs.messages import Entity

ENTITIES = st.builds(
    Entity,
    type=st.sampled_from(sorted(FORMATTING)),
    offset=st.integers(0, 4096),
    length=st.integers(1, 4096),
    url=st.none() | st.just("https://example.org/?a=1&b=2"),
    language=st.none() | st.just("python"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ENTITIES).map(tuple))
def test_formatting_survives_the_round_trip(entities: tuple[Entity, ...]) -> None:
    assert to_neutral(to_telegram(entities)) == entities


@pytest.mark.parametrize("kind", sorted(DETECTED))
def test_what_telegram_finds_itself_is_received_but_not_sent(kind: str) -> None:
    (entity,) = to_neutral([MessageEntity(type=kind, offset=1, length=2)])
    assert entity == Entity(type=kind, offset=1, length=2)
    assert to_telegram([entity]) == []


def test_mentions_quotes_and_unknown_kinds_become_what_is_known() -> None:
    user = User(id=7, is_bot=False, first_name="Иван")
    received = [
        MessageEntity(type="text_mention", offset=0, length=4, user=user),
        MessageEntity(type="expandable_blockquote", offset=5, length=3),
        MessageEntity(type="custom_emoji", offset=9, length=2, custom_emoji_id="1"),
        MessageEntity(type="sparkles", offset=9, length=2),
        MessageEntity(type="bold", offset=9, length=0),
    ]
    assert to_neutral(received) == (
        Entity(type="text_link", offset=0, length=4, url="tg://user?id=7"),
        Entity(type="blockquote", offset=5, length=3),
    )
