"""REST: the same commands, with rights, keys and one shape of refusal."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.staff.commands import make_token
from tests import factories
from tests.admin_web.conftest import Web

pytestmark = pytest.mark.usefixtures("opened")


async def token(role: Role = Role.ADMIN) -> dict[str, str]:
    actor = await factories.employee("Вера", role=role)
    return {"Authorization": f"Bearer {await make_token(SYSTEM, employee_id=actor.id)}"}


async def call(site: Web, command: str, headers: dict[str, str], **body: Any) -> tuple[int, Any]:
    url = site.url(f"/api/v1/commands/{command}")
    async with site.http.post(url, json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_a_command_runs_and_answers(site: Web) -> None:
    status, body = await call(site, "queue.save", await token(), name="Продажи")
    assert (status, body) == (200, {"result": 1})
    assert await db.fetchval("SELECT name FROM queue") == "Продажи"


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer no"}, {"Authorization": "x"}])
async def test_strangers_are_refused(site: Web, header: dict[str, str]) -> None:
    status, body = await call(site, "queue.save", header, name="x")
    assert status == 401
    assert body["error"]["code"] == "unauthorized"
    assert await db.fetchval("SELECT count(*) FROM queue") == 0


async def test_a_revoked_token_ends_at_once(site: Web) -> None:
    headers = await token()
    await db.execute("UPDATE api_token SET revoked_at = now()")
    assert (await call(site, "queue.save", headers, name="x"))[0] == 401


async def test_rights_are_checked_in_the_command(site: Web) -> None:
    status, body = await call(site, "queue.save", await token(Role.OPERATOR), name="x")
    assert (status, body["error"]["code"]) == (403, "forbidden")


async def test_missing_fields_are_named_in_russian(site: Web) -> None:
    headers = await token() | {"Accept-Language": "ru-RU,ru;q=0.9"}
    status, body = await call(site, "queue.save", headers)
    assert status == 422
    assert body["error"]["fields"] == ["name"]
    assert "name" in body["error"]["message"]
    assert "filled in" not in body["error"]["message"], "the caller reads Russian"


async def test_unknown_command_and_unknown_argument(site: Web) -> None:
    headers = await token()
    assert (await call(site, "no.such", headers))[0] == 404
    assert (await call(site, "queue.save", headers, name="x", colour="red"))[0] == 422


async def test_body_that_is_no_json(site: Web) -> None:
    url, headers = site.url("/api/v1/commands/queue.save"), await token()
    async with site.http.post(url, data=b"{not json", headers=headers) as response:
        assert response.status == 422
        assert "JSON" in (await response.json())["error"]["message"]


async def test_idempotency_key_runs_once(site: Web) -> None:
    headers = await token() | {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(
        *(call(site, "staff.add", headers, name="Новый") for _ in range(5))
    )
    assert {status for status, _ in answers} == {200}
    assert len({body["result"] for _, body in answers}) == 1
    assert await db.fetchval("SELECT count(*) FROM employee WHERE name = 'Новый'") == 1
    status, body = await call(site, "queue.save", headers, name="x")
    assert (status, body["error"]["code"]) == (409, "conflict")


async def test_index_lists_only_what_one_may(site: Web) -> None:
    url = site.url("/api/v1/commands")
    async with site.http.get(url, headers=await token(Role.OPERATOR)) as response:
        names = {one["name"] for one in (await response.json())["commands"]}
    assert "dialog.reply" in names
    assert "staff.add" not in names


def _refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return found.union(*(_refs(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_refs(value) for value in node))
    return set()


async def test_openapi_describes_every_command(site: Web) -> None:
    async with site.http.get(site.url("/api/v1/openapi.json")) as response:
        document = await response.json()
    assert document["openapi"] == "3.1.0"
    expected = {f"/api/v1/commands/{name}" for name in commands.all_commands()}
    assert set(document["paths"]) == expected
    schemas = document["components"]["schemas"]
    for ref in _refs(document):
        assert ref.removeprefix("#/components/schemas/") in schemas, ref
    reply = schemas["DialogReply"]
    assert reply["required"] == ["dialog_id"]
    assert "actor" not in reply["properties"]
