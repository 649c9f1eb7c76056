"""Channel accounts over REST: how they are doing, for those who may connect them."""

from __future__ import annotations

import pytest

from crm_core.accounts import health as vitals
from crm_core.accounts.commands import set_broken, switch
from crm_core.files.links import LIFE, content_token
from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Role
from tests import factories
from tests.admin_web.conftest import Web
from tests.admin_web.test_api import token

pytestmark = pytest.mark.usefixtures("opened")
URL = "/api/v1/channels"


async def test_health_is_told_with_what_to_do(site: Web) -> None:
    vitals._noted.clear()
    first, second, third = [
        await factories.channel(name=name) for name in ("Сайт", "Лавка", "Склад")
    ]
    await vitals.note([first], "in")
    await set_broken(
        second, "Viber refuses the bot's token: copy it again from partners.viber.com."
    )
    await switch(SYSTEM, channel_id=third, active=False)
    async with site.http.get(site.url(URL), headers=await token()) as response:
        found = (await response.json())["channels"]
    assert [one["state"] for one in found] == ["on", "broken", "off"]
    assert found[0]["last_in_at"] is not None
    assert found[0]["last_out_at"] is None
    assert found[0]["advice"] == "Работает."
    assert found[1]["advice"].startswith("Viber не принимает токен бота")
    assert found[2]["advice"].startswith("Выключен")


async def test_signs_of_life_are_written_seldom(opened: str) -> None:
    vitals._noted.clear()
    channel = await factories.channel()
    with clock.frozen(clock.now()):
        await vitals.note([channel], "in")
        await db.execute("UPDATE channel_health SET last_in_at = NULL")
        await vitals.note([channel, channel], "in")
        assert await db.fetchval("SELECT last_in_at FROM channel_health") is None
    with clock.frozen(clock.now() + vitals.EVERY * 2):
        await vitals.note([channel], "in")
        await vitals.note([channel], "out")
    row = await db.fetchrow("SELECT last_in_at, last_out_at FROM channel_health")
    assert row is not None
    assert None not in {row["last_in_at"], row["last_out_at"]}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MANAGER, Role.HEAD])
async def test_others_do_not_see_them(site: Web, role: Role) -> None:
    async with site.http.get(site.url(URL), headers=await token(role)) as response:
        assert response.status == 403
    async with site.http.get(site.url(URL)) as response:
        assert response.status == 401


async def test_a_provider_fetches_what_we_send_by_its_link_alone(site: Web) -> None:
    kept = await store().put_bytes(b"%PDF-1.4 list")
    await db.execute(
        "INSERT INTO stored_file (sha, size, mime) VALUES ($1, 13, 'application/pdf')", kept.sha
    )
    link = content_token(kept.sha, "прайс.pdf")
    async with site.http.get(site.url(f"/files/c/{link}/прайс.pdf")) as response:
        assert (response.status, await response.read()) == (200, b"%PDF-1.4 list")
        assert response.content_type == "application/pdf"
    async with site.http.get(site.url(f"/files/c/{link}/other.pdf")) as response:
        assert response.status == 403
    with clock.frozen(clock.now() + LIFE * 2):
        async with site.http.get(site.url(f"/files/c/{link}/прайс.pdf")) as response:
            assert response.status == 403
    missing = content_token("0" * 64, "a.txt")
    async with site.http.get(site.url(f"/files/c/{missing}/a.txt")) as response:
        assert response.status == 404
