"""The list of applications is filled by every connector, over HTTP, until each is dealt with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import BaseTestServer, TestServer

from admin_web.app import build
from admin_web.context import Context
from channels import registry
from crm_core.accounts.queries import account
from crm_core.kernel.wake import Wakeups
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from tests import factories
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels
from tests.channels.leads import payloads


class Services:
    """Outside services, each with the address it was told."""

    def __init__(self, server: BaseTestServer, http: ClientSession, runner: ChannelRunner) -> None:
        self._server, self._http, self._runner = server, http, runner

    async def calls(self, service: str, way: str, payload: object) -> None:
        channel_id = await factories.channel("leads", service, service=service)
        await self._runner.refresh()
        found = await account(channel_id)
        assert found is not None
        url = self._server.make_url(f"/hooks/{found.id}/{found.hook_secret}")
        method = "GET" if way == "params" else "POST"
        async with self._http.request(method, url, **{way: payload}) as response:  # type: ignore[arg-type]
            assert response.status == 200


@pytest_asyncio.fixture(loop_scope="session")
async def services(rig: Rig) -> AsyncIterator[Services]:
    pipe = InboundPipe()
    runner = ChannelRunner(registry.kind, pipe, Wakeups(), public_url=None, works=False)
    app = build(Context(live=lambda: runner.live, pipe=pipe))
    async with TestServer(app) as server, ClientSession() as http:
        yield Services(server, http, runner)


@pytest.mark.feature("REQ-09")
async def test_leads_of_every_connector_stand_in_one_list(rig: Rig, services: Services) -> None:
    anna = await rig.employee("Анна", presence="off")
    form = {"name": "Фёдор", "phone": "+79120000001"}
    for service, way, payload in (
        ("jivosite", "json", payloads.jivosite(visitor={"name": "Жанна"})),
        ("roistat", "params", payloads.roistat(name="Роман")),
        ("uis", "json", payloads.call(contact_full_name="Ульяна")),
        ("comagic", "json", payloads.call(contact_full_name="Клара")),
        ("form", "data", form),
    ):
        await services.calls(service, way, payload)
    await rig.settled()
    home = anna.received()[-1]
    await press(anna, "📥 Заявки 5", home)
    assert labels(home)[:5] == [
        "1. 🟢 Жанна · JivoSite · только что",
        "2. 🟢 Роман · Roistat · только что",
        "3. 🟢 Ульяна · UIS · только что",
        "4. 🟢 Клара · CoMagic · только что",
        "5. 🟢 Фёдор · form · только что",
    ]
    await press(anna, row(home, "Ульяна"), home)
    assert "UIS · Звонок" in home.text
    assert "Набранный номер: 74951234567" in home.text
    await press(anna, "✅ Принять", home)
    await press(anna, "← Назад", home)
    await press(anna, row(home, "Жанна"), home)
    await press(anna, "✖️ Отклонить", home)
    await press(anna, "Спам", home)
    await press(anna, "← Назад", home)
    assert "3 заявки" in home.text, "accepted and rejected ones are gone from the new"
    assert {one.split(" · ")[0] for one in labels(home)[:3]} == {
        *("1. 🟢 Роман", "2. 🟢 Клара", "3. 🟢 Фёдор"),
    }
    await press(anna, "⚪ Завершённые", home)
    await press(anna, row(home, "Жанна"), home)
    assert "Отклонена: Спам · Анна" in home.text
