"""Contact persons and requisites over REST: linked with days, refused with a sentence."""

from __future__ import annotations

import pytest

from crm_core.kernel import db
from tests.admin_web.conftest import Web
from tests.admin_web.test_api import call, token

pytestmark = pytest.mark.usefixtures("opened")


async def test_linked_once_and_requisites_refused_in_russian(site: Web) -> None:
    headers = await token()
    _, linden = await call(site, "client.create", headers, name="ООО Липа", kind="company")
    _, olga = await call(site, "client.create", headers, name="Ольга Ким")
    company, person = linden["result"]["client_id"], olga["result"]["client_id"]
    pair = {"company_id": company, "person_id": person}
    asked = pair | {"position": "Закупщик", "since": "2024-02-01"}
    for created in (True, False):
        status, body = await call(site, "client.link", headers, **asked)
        assert (status, body["result"]["created"]) == (200, created)
    await call(site, "client.unlink", headers, **pair, until="2024-05-31")
    row = await db.fetchrow("SELECT position, since::text, until::text FROM client_link")
    assert row is not None
    assert tuple(row.values()) == ("Закупщик", "2024-02-01", "2024-05-31")
    russian = headers | {"Accept-Language": "ru"}
    status, body = await call(
        site, "client.set_requisites", russian, client_id=company, values={"inn": "7707083894"}
    )
    assert (status, body["error"]["code"]) == (422, "invalid")
    assert "Контрольная цифра ИНН 7707083894 не сходится" in body["error"]["message"]
