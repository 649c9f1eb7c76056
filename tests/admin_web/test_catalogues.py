"""Catalogues over REST: everybody of the staff reads, only the right writes."""

from __future__ import annotations

import pytest

from crm_core.kernel.actors import Role
from tests.admin_web.conftest import Web
from tests.admin_web.test_api import call, token
from tests.factories_catalogues import catalogue, grown

pytestmark = pytest.mark.usefixtures("opened")


@pytest.mark.feature("CAT-04")
async def test_catalogues_are_read_by_all_and_edited_by_right(site: Web) -> None:
    regions = await catalogue("Регионы")
    found = await grown(regions, {"Россия": {"Омск": {}, "Томск": {}}, "Крым": {}})
    operator, head = await token(Role.OPERATOR), await token(Role.HEAD)
    status, body = await call(site, "catalogue.list", operator)
    assert status == 200
    assert {"Регионы", "Client groups"} <= {one["title"] for one in body["result"]}
    status, body = await call(site, "catalogue.show", operator, catalogue_id=regions, search="томс")
    assert [one["title"] for one in body["result"]["items"]] == ["Томск"]
    move = {"item_id": found["Томск"], "parent_id": found["Крым"]}
    status, body = await call(site, "catalogue.move_item", operator, **move)
    assert (status, body["error"]["code"]) == (403, "forbidden")
    assert (await call(site, "catalogue.move_item", head, **move))[0] == 200
    item = {"title": "Ялта", "parent_id": found["Крым"], "code": "YAL"}
    status, body = await call(site, "catalogue.add_item", head, catalogue_id=regions, item=item)
    assert status == 200
    status, body = await call(site, "catalogue.show", operator, catalogue_id=regions)
    titles = [one["title"] for one in body["result"]["items"]]
    assert titles == ["Россия", "Омск", "Крым", "Томск", "Ялта"]
    circle = {"item_id": found["Крым"], "parent_id": found["Томск"]}
    status, body = await call(site, "catalogue.move_item", head, **circle)
    assert (status, body["error"]["code"]) == (422, "invalid")
