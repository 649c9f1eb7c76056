"""A call's sound over HTTP: by the command's link alone, with seeking, harmless in a browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.recordings import links
from crm_core.staff.commands import make_token
from tests.admin_web.conftest import Web
from tests.crm_core.recordings.scenes import keeper, phone, recorded, work
from tests.telephony.recordings.sounds import tone

pytestmark = pytest.mark.usefixtures("opened")


async def listened(site: Web, folder: Path) -> str:
    """The link that the command gave to whoever spoke."""
    anna = await phone("Анна", "102")
    tone(folder / "a.wav", (700, 2.0))
    call_id = await recorded("a.wav")
    await work(keeper(folder))
    token = await make_token(SYSTEM, employee_id=anna.id)
    async with site.http.post(
        site.url("/api/v1/commands/call.listen_recording"),
        json={"call_id": call_id},
        headers={"Authorization": f"Bearer {token}"},
    ) as answer:
        assert answer.status == 200
        return str((await answer.json())["result"]["link"])


async def get(site: Web, path: str, part: str | None = None) -> tuple[int, dict[str, str], bytes]:
    headers = {"Range": part} if part else {}
    async with site.http.get(site.url(path), headers=headers) as answer:
        return answer.status, dict(answer.headers), await answer.read()


async def test_whole_and_in_parts(site: Web, tmp_path: Path) -> None:
    link = await listened(site, tmp_path)
    sha = await db.fetchval("SELECT sha FROM call_recording")
    whole = store().path(sha).read_bytes()
    status, headers, body = await get(site, link)
    assert (status, body) == (200, whole)
    assert headers["Content-Type"] == "audio/ogg"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")
    status, headers, body = await get(site, link, "bytes=100-199")
    assert (status, body) == (206, whole[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    status, headers, body = await get(site, link, "bytes=-10")
    assert (status, body) == (206, whole[-10:])
    assert (await get(site, link, f"bytes={len(whole)}-"))[0] == 416


async def test_the_picture_of_the_sound(site: Web, tmp_path: Path) -> None:
    link = await listened(site, tmp_path)
    status, _headers, body = await get(site, f"{link}/wave")
    found = orjson.loads(body)
    assert (status, found["seconds"]) == (200, 2.0)
    assert len(found["bars"]) == 100
    assert max(found["bars"]) > 30


async def test_links_end_and_can_not_be_made_up(site: Web, tmp_path: Path) -> None:
    link = await listened(site, tmp_path)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert (await get(site, link))[0] == 403
    call_id = await db.fetchval("SELECT call_id FROM call_recording")
    forged = links.token(call_id).replace(f"{call_id}.", f"{call_id + 1}.", 1)
    for one in (forged, "1", "1.2.3", "…"):
        assert (await get(site, f"/recordings/{one}"))[0] == 403


async def test_a_missing_file_says_so(site: Web, tmp_path: Path) -> None:
    link = await listened(site, tmp_path)
    store().path(await db.fetchval("SELECT sha FROM call_recording")).unlink()
    status, _headers, body = await get(site, link)
    assert status == 404
    assert "restore it from a backup" in body.decode() or "резервной копии" in body.decode()
