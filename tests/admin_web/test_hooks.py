"""Webhooks: only the provider gets in, and what it sends is kept whatever it is."""

from __future__ import annotations

import pytest

from crm_core.accounts.queries import account
from crm_core.kernel import db
from sandbox.tokens import CLIENTS_BOT_TOKEN
from tests import factories
from tests.admin_web.conftest import Web

pytestmark = pytest.mark.usefixtures("opened")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 5,
        "date": 1_790_000_000,
        "chat": {"id": 77, "type": "private", "first_name": "Мария"},
        "from": {"id": 77, "is_bot": False, "first_name": "Мария"},
        "text": "Здравствуйте",
    },
}


async def hook(site: Web) -> tuple[str, str]:
    """(path, secret) of a Telegram account."""
    await factories.queue()
    channel_id = await factories.channel("telegram", "Бот", token=CLIENTS_BOT_TOKEN)
    await site.refresh()
    row = await account(channel_id)
    assert row is not None
    return f"/hooks/{row.id}/{row.hook_secret}", row.hook_secret


async def post(site: Web, path: str, data: object, secret: str | None) -> int:
    headers = {HEADER: secret} if secret else {}
    kind = {"json": data} if isinstance(data, dict) else {"data": data}
    async with site.http.post(site.url(path), headers=headers, **kind) as response:
        return response.status


async def test_an_update_is_stored_before_the_200(site: Web) -> None:
    path, secret = await hook(site)
    assert await post(site, path, UPDATE, secret) == 200
    assert await db.fetchval("SELECT text FROM message") == "Здравствуйте"
    assert await post(site, path, UPDATE, secret) == 200
    assert await db.fetchval("SELECT count(*) FROM message") == 1


async def test_wrong_secrets_get_in_nowhere(site: Web) -> None:
    path, secret = await hook(site)
    wrong = path[:-3] + "xyz"
    assert await post(site, wrong, UPDATE, secret) == 403
    assert await post(site, path, UPDATE, "wrong") == 403
    assert await post(site, path, UPDATE, None) == 403
    assert await post(site, "/hooks/999/abc", UPDATE, secret) == 403
    assert await post(site, "/hooks/bot/abc", UPDATE, secret) == 403
    assert await db.fetchval("SELECT count(*) FROM raw_event") == 0
    async with site.http.get(site.url("/metrics")) as response:
        text = await response.text()
    refused = [line for line in text.splitlines() if line.startswith("pult_hooks_refused_total")]
    assert sum(float(line.rsplit(" ", 1)[1]) for line in refused) >= 5


async def test_a_malformed_body_is_kept_and_not_asked_for_again(site: Web) -> None:
    path, secret = await hook(site)
    assert await post(site, path, b"{broken", secret) == 200
    broken = UPDATE | {"update_id": 2, "message": {"message_id": "?"}}
    assert await post(site, path, broken, secret) == 200
    rows = await db.fetch("SELECT state FROM raw_event")
    assert [row["state"] for row in rows] == ["failed", "failed"]


async def test_a_switched_off_channel_takes_nothing(site: Web) -> None:
    path, secret = await hook(site)
    await db.execute("UPDATE channel SET active = false, revision = revision + 1")
    await site.refresh()
    assert await post(site, path, UPDATE, secret) == 503, "the provider keeps it and comes again"


async def test_health(site: Web) -> None:
    for path in ("/healthz", "/readyz"):
        async with site.http.get(site.url(path)) as response:
            assert (response.status, await response.text()) == (200, "ok")
