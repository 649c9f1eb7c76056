"""Duplicated, late, reordered and malformed updates, by polling and by webhook."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession

from crm_core.kernel import db
from tests.faults.company import Company
from tests.faults.hubs import PATIENCE
from tests.waiting import eventually

pytestmark = pytest.mark.faults

MODES = ("polled", "hooked")
FAILED = "SELECT key, error FROM raw_event WHERE channel_id = $1 AND state = 'failed' ORDER BY id"


@pytest.mark.parametrize("mode", MODES)
async def test_twice_the_same(company: Company, mode: str) -> None:
    await company.up()
    shop = getattr(company, mode)
    client = company.client(shop)
    company.world.queues[shop.bot.id].duplicate_next(3)
    texts = [f"дважды {number} {mode}" for number in range(3)]
    for text in texts:
        client.text(text)
    await company.arrived(client, texts)
    assert sum(len(company.notices(text)) for text in texts) == 1


@pytest.mark.parametrize("mode", MODES)
async def test_long_after_it_was_confirmed(company: Company, mode: str) -> None:
    await company.up()
    shop = getattr(company, mode)
    client, queue = company.client(shop), company.world.queues[shop.bot.id]
    client.text(f"поздний повтор {mode}")
    await company.arrived(client, [f"поздний повтор {mode}"])
    number = queue.sent[-1].id
    queue.redeliver(number)
    await company.arrived(client, [f"поздний повтор {mode}"])
    client.text("дальше")
    await company.arrived(client, [f"поздний повтор {mode}", "дальше"])


@pytest.mark.parametrize("mode", MODES)
async def test_in_the_wrong_order(company: Company, mode: str) -> None:
    """The provider's time decides; words of the same second keep the provider's numbers."""
    await company.up()
    shop = getattr(company, mode)
    client, queue = company.client(shop), company.world.queues[shop.bot.id]
    client.text("начало")
    await company.arrived(client, ["начало"])
    queue.hold()
    texts = [f"{number} наоборот" for number in range(4)]
    for text in texts:
        client.text(text)
    queue.release(reverse=True)
    await company.arrived(client, ["начало", *texts])


async def post(company: Company, body: bytes, secret: str | None) -> int:
    """One webhook call as anybody might make it; the status."""
    row = await db.fetchrow("SELECT hook_secret FROM channel WHERE id = $1", company.hooked.channel)
    assert row is not None
    hub = await company.up()
    url = f"{hub.url}/hooks/{company.hooked.channel}/{row['hook_secret']}"
    given = row["hook_secret"] if secret is None else secret
    headers = {"X-Telegram-Bot-Api-Secret-Token": given, "Content-Type": "application/json"}
    async with ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"update_id": "x"}',
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 2, "message": {"message_id": 1, "chat": {"id": null}}}',
        b'{"update_id": 3, "message": {"message_id": 1, "date": "now", "chat": {}}}',
        b'\xff\xfe{"update_id": 4}',
        b'{"update_id": 99999999999999999999999, "message": {}}',
    ],
)
async def test_a_malformed_body_is_kept_as_failed(company: Company, body: bytes) -> None:
    """The provider gets its 200 and does not hammer; the body can be looked at and replayed."""
    await company.up()
    before = await _failed(company)
    assert await post(company, body, None) == 200
    after = await _failed(company)
    assert len(after) == len(before) + 1
    assert after[-1]["error"]
    assert await post(company, body, None) == 200
    assert len(await _failed(company)) == len(after)


async def _failed(company: Company) -> list[Any]:
    return list(await db.fetch(FAILED, company.hooked.channel))


async def test_a_wrong_secret_is_refused_and_counted(company: Company) -> None:
    hub = await company.up()
    before = len(await _failed(company))
    assert await post(company, b'{"update_id": 77}', "wrong") == 403
    assert len(await _failed(company)) == before
    async with ClientSession() as http, http.get(f"{hub.url}/metrics") as answer:
        counted = await answer.text()
    assert f'pult_hooks_refused_total{{channel="{company.hooked.channel}"}} 1.0' in counted


async def test_the_good_ones_go_on_after_the_bad(company: Company) -> None:
    """One update nobody understands holds up neither its chat nor the others."""
    await company.up()
    client = company.client(company.hooked)
    assert await post(company, b'{"update_id": 88, "message": {"chat": {"id": 5}}}', None) == 200
    client.text("жив")

    async def look() -> bool:
        return await company.stored(client) == ["жив"]

    await eventually(look, timeout=PATIENCE, what="the next message")
