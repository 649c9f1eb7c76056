"""`check` says in one line whether the bot works, and if not, why."""

from __future__ import annotations

from aiogram.methods import SetWebhook

from channels.telegram.channel import Channel
from tests.channels.telegram.conftest import Shop, account


async def line_of(channel: Channel) -> tuple[bool, str]:
    report = await channel.check()
    await channel.close()
    assert "\n" not in report.line
    return report.ok, report.line


def at(shop: Shop, **settings: object) -> Channel:
    return Channel(account(str(shop.account.config.model_dump()["api_url"]), **settings))


async def test_a_polling_bot_is_named(shop: Shop) -> None:
    shop.anna.start()
    assert await line_of(at(shop)) == (True, "@shop_bot (Shop): long polling, 1 updates wait.")


async def test_a_foreign_webhook_is_named_without_its_secret(shop: Shop) -> None:
    await shop.api.call(SetWebhook(url="http://localhost:9/hooks/their-secret"))
    ok, line = await line_of(at(shop))
    assert ok
    assert line.endswith("a webhook at localhost will be removed on start.")


async def test_webhook_mode_is_described(shop: Shop) -> None:
    url = "http://127.0.0.1:9/hooks/1/secret"
    hooked = shop.with_hook(url)
    assert await line_of(hooked) == (
        True,
        "@shop_bot (Shop): webhook at 127.0.0.1 will be set on start, 0 updates wait.",
    )
    await shop.api.call(SetWebhook(url=url))
    assert (await line_of(shop.with_hook(url)))[1] == (
        "@shop_bot (Shop): webhook at 127.0.0.1, 0 updates wait."
    )


async def test_a_failing_webhook_is_told(shop: Shop) -> None:
    url = "http://127.0.0.1:9/hooks/1/secret"
    await shop.api.call(SetWebhook(url=url))
    shop.anna.start()
    await shop.world.wait_for(lambda: shop.world.webhooks[shop.bot.id].deliveries)
    ok, line = await line_of(shop.with_hook(url))
    assert not ok
    assert "webhook fails: " in line


async def test_webhook_mode_without_an_address_is_told(shop: Shop) -> None:
    ok, line = await line_of(at(shop, mode="webhook"))
    assert not ok
    assert "PULT_PUBLIC_URL" in line


async def test_a_wrong_token_and_a_wrong_address_are_told(shop: Shop) -> None:
    ok, line = await line_of(at(shop, token="7000000009:revoked-and-never-seen-again"))
    assert (ok, "@BotFather" in line) == (False, True)
    ok, line = await line_of(Channel(account("http://127.0.0.1:9")))
    assert (ok, "api_url" in line) == (False, True)
