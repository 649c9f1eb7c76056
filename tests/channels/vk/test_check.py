"""`pult channel check`, and what an admin may set."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from channels.vk.channel import Channel
from channels.vk.config import Config, uses_callback
from tests.channels.vk.conftest import TOKEN, Shop, account


async def test_it_names_the_community_and_the_way(shop: Shop) -> None:
    report = await shop.channel.check()
    assert (report.ok, report.line) == (True, "Ромашки: Long Poll.")
    hooked = shop.with_hook("http://127.0.0.1:9/hooks/1/x")
    report = await hooked.check()
    assert (report.ok, report.line) == (
        True,
        "Ромашки: the Callback server will be added on start.",
    )
    await hooked.close()


async def test_it_names_the_cause(shop: Shop) -> None:
    base = shop.world.base_url
    other = shop.world.add_group("another-token", "Другие")
    strange = {
        "access key": account(base, shop.group.id, token="revoked"),
        "not of the community": account(base, other.id),
        "api_url": account(f"{base}/nothing", shop.group.id),
        "public https": account(base, shop.group.id, mode="callback"),
    }
    for words, row in strange.items():
        channel = Channel(row)
        report = await channel.check()
        assert (report.ok, words in report.line) == (False, True), report.line
        await channel.close()
    shop.group.permissions = ("photos",)
    report = await shop.channel.check()
    assert (report.ok, "messages, docs" in report.line) == (False, True)


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "два слова"},
        {"group_id": 0},
        {"group_id": "club1"},
        {"api_url": "ftp://x"},
        {"mode": "pigeon"},
    ],
    ids=str,
)
def test_odd_settings_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as error:
        Config.model_validate({"token": TOKEN, "group_id": 1} | change)
    assert TOKEN not in str(error.value)


def test_how_events_travel() -> None:
    config = Config.model_validate({"token": TOKEN, "group_id": 1})
    assert not uses_callback(config, None)
    assert uses_callback(config, "https://pult.example/hooks/1/x")
    assert not uses_callback(config, "http://pult.example/hooks/1/x")
    by_hand = config.model_copy(update={"mode": "longpoll"})
    assert not uses_callback(by_hand, "https://pult.example/hooks/1/x")
