"""Reports over HTTP: rows, items and files, by right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_core.kernel.actors import SYSTEM, Role
from crm_core.staff.commands import make_token
from tests import factories
from tests.admin_web.conftest import Web
from tests.factories_reports import past_request

pytestmark = pytest.mark.usefixtures("opened")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAYS = {"since": "2026-11-01", "until": "2026-11-30"}


async def someone(role: Role) -> tuple[int, dict[str, str]]:
    actor = await factories.employee("Вера", role=role)
    token = await make_token(SYSTEM, employee_id=actor.id)
    return actor.id, {"Authorization": f"Bearer {token}"}


async def test_rows_by_the_command(site: Web) -> None:
    who, headers = await someone(Role.HEAD)
    await past_request(AT, who=who)
    body = {"report": "req", "parameters": DAYS}
    url = site.url("/api/v1/commands/report.run")
    async with site.http.post(url, json=body, headers=headers) as response:
        found = (await response.json())["result"]
    assert (found["since"], found["rows"][0]["n"]) == ("2026-11-01", 1)


@pytest.mark.parametrize(
    ("form", "begins"),
    [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("png", b"\x89PNG")],
)
async def test_files(site: Web, form: str, begins: bytes) -> None:
    who, headers = await someone(Role.MANAGER)
    await past_request(AT, who=who)
    url = site.url(f"/api/v1/reports/rej.{form}")
    async with site.http.get(url, params={**DAYS, "cut": "s"}, headers=headers) as response:
        assert response.status == 200
        assert f"rej-2026-11-01-2026-11-30.{form}" in response.headers["Content-Disposition"]
        assert (await response.read()).startswith(begins)


async def test_refusals(site: Web) -> None:
    _who, headers = await someone(Role.MANAGER)
    for path, status in (
        ("req.xlsx?employees=77", 403),
        ("req.doc", 422),
        ("sales.csv", 404),
        ("req.csv?period=epoch", 422),
        ("req.csv?colour=red", 422),
    ):
        async with site.http.get(site.url(f"/api/v1/reports/{path}"), headers=headers) as response:
            assert response.status == status, path
    async with site.http.get(site.url("/api/v1/reports/req.csv")) as response:
        assert response.status == 401
