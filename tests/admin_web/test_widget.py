"""The widget's script: one file for every site, asked for again only when it changed."""

from __future__ import annotations

import pytest

from tests import factories
from tests.admin_web.conftest import Web

pytestmark = pytest.mark.usefixtures("opened")


async def test_the_script_is_cached_by_what_it_is(site: Web) -> None:
    async with site.http.get(site.url("/widget.js")) as response:
        assert response.status == 200
        assert response.content_type == "text/javascript"
        assert len(await response.read()) <= 40 * 1024
        etag = response.headers["ETag"]
    again = site.http.get(site.url("/widget.js"), headers={"If-None-Match": etag})
    async with again as response:
        assert (response.status, await response.read()) == (304, b"")


async def test_visitors_reach_only_channels_that_serve_them(site: Web) -> None:
    await factories.queue()
    widget = await factories.channel()
    await site.refresh()
    async with site.http.post(site.url(f"/w/{widget}/session"), json={}) as response:
        assert response.status == 200
        assert (await response.json())["token"]
    async with site.http.post(site.url("/w/999/session"), json={}) as response:
        assert response.status == 404
