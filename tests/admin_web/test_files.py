"""Files: for those who may see the dialog, or hold a fresh link; harmless in any browser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.dialogs.commands import accept
from crm_core.dialogs.messages import Kind
from crm_core.dialogs.replies import FileIn, Reply, reply
from crm_core.files.links import link_token
from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.staff.commands import make_token
from routing.inbound.store import apply
from tests import factories
from tests.admin_web.conftest import Web

pytestmark = pytest.mark.usefixtures("opened")

PAGE = b"<html><script>alert(1)</script></html>"


async def attached(name: str = "счёт.html", mime: str = "text/html") -> tuple[Actor, int]:
    """(its manager, attachment id) of a file that was sent in a dialog."""
    await factories.queue()
    anna = await factories.employee("Анна")
    channel_id = await factories.channel()
    async with db.transaction():
        await apply([(channel_id, factories.message())])
    dialog_id = await db.fetchval("SELECT id FROM dialog")
    await accept(anna, dialog_id=dialog_id)
    kept = await store().put_bytes(PAGE)
    file = FileIn(sha=kept.sha, kind=Kind.DOCUMENT, name=name, mime=mime, size=kept.size)
    await reply(anna, dialog_id=dialog_id, extra=Reply(files=[file]))
    return anna, await db.fetchval("SELECT id FROM attachment")


async def get(site: Web, path: str, token: str | None = None) -> tuple[int, dict[str, str], bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with site.http.get(site.url(path), headers=headers) as response:
        return response.status, dict(response.headers), await response.read()


async def test_only_those_of_the_dialog(site: Web) -> None:
    anna, file_id = await attached()
    stranger = await factories.employee("Чужой", role=Role.OPERATOR)
    await db.execute("DELETE FROM queue_member WHERE employee_id = $1", stranger.id)
    hers = await make_token(SYSTEM, employee_id=anna.id)
    his = await make_token(SYSTEM, employee_id=stranger.id)
    assert (await get(site, f"/files/{file_id}"))[0] == 401
    assert (await get(site, f"/files/{file_id}", his))[0] == 403
    status, headers, body = await get(site, f"/files/{file_id}", hers)
    assert (status, body) == (200, PAGE)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_links_expire_and_can_not_be_forged(site: Web) -> None:
    _, file_id = await attached("фото.png", "image/png")
    token = link_token(file_id, life=timedelta(minutes=5))
    status, headers, _ = await get(site, f"/files/s/{token}")
    assert status == 200
    assert headers["Content-Type"] == "image/png"
    assert "filename*=UTF-8''%D1%84" in headers["Content-Disposition"]
    other = f"{file_id + 1}{token[token.index('.') :]}"
    assert (await get(site, f"/files/s/{other}"))[0] == 403
    assert (await get(site, "/files/s/nonsense"))[0] == 403
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert (await get(site, f"/files/s/{token}"))[0] == 403
