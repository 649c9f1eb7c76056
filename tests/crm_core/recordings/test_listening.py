"""Who may hear a recording, that it is written down, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Forbidden, NotFound
from crm_core.recordings import queries
from crm_core.recordings.commands import find, listen
from tests import scene
from tests.crm_core.recordings.scenes import NUMBER, keeper, phone, recorded, work
from tests.telephony.recordings.sounds import tone

pytestmark = pytest.mark.usefixtures("opened")


async def stored(folder: Path) -> int:
    tone(folder / "a.wav", (700, 1.0))
    call_id = await recorded("a.wav")
    await work(keeper(folder))
    return call_id


async def test_who_spoke_heads_and_the_clients_manager_hear_others_do_not(tmp_path: Path) -> None:
    anna, boris = await phone("Анна", "102"), await phone("Борис", "103")
    vera, head = await phone("Вера", "104"), await phone("Олег", "105", Role.HEAD)
    made = await clients.create(SYSTEM, name="Иван")
    await clients.add_contact(
        SYSTEM, client_id=made.client_id, kind=ContactKind.PHONE, value=NUMBER
    )
    await clients.set_manager(SYSTEM, client_id=made.client_id, manager_id=vera.id)
    call_id = await stored(tmp_path)
    for one in (anna, vera, head):
        found = await listen(one, call_id=call_id)
        assert (found.seconds, found.size > 500) == (1, True)
    with pytest.raises(Forbidden):
        await listen(boris, call_id=call_id)
    heard = [one.name for one in await queries.listened(call_id)]
    assert heard == ["Олег", "Вера", "Анна"]
    rows = await db.fetch(
        "SELECT actor, client_id, data->>'call_id' AS call FROM event"
        " WHERE type = 'RecordingPlayed' ORDER BY id"
    )
    assert [dict(row) for row in rows] == [
        {"actor": one.key, "client_id": made.client_id, "call": str(call_id)}
        for one in (anna, vera, head)
    ]


async def test_by_name_as_the_api_and_robots_call_it(tmp_path: Path) -> None:
    anna = await phone("Анна", "102")
    call_id = await stored(tmp_path)
    found = await commands.run(anna, "call.listen_recording", {"call_id": call_id})
    assert found["link"].startswith("/recordings/")
    assert len(await queries.listened(call_id)) == 1


async def test_what_is_missing_is_said(tmp_path: Path) -> None:
    anna = await phone("Анна", "102")
    silent = await recorded("", key="k.1")
    with pytest.raises(NotFound, match="was not recorded"):
        await listen(anna, call_id=silent)
    call_id = await recorded("b.wav", key="k.2")
    with pytest.raises(NotFound, match="still on its way"):
        await listen(anna, call_id=call_id)
    await work(keeper(None), looks=1)
    with pytest.raises(NotFound, match="it is not set where"):
        await listen(anna, call_id=call_id)
    assert await scene.events("RecordingUnavailable") == ["RecordingUnavailable"]


async def test_a_lost_one_is_looked_for_again(tmp_path: Path) -> None:
    anna = await phone("Анна", "102")
    call_id = await recorded("c.wav")
    await work(keeper(None), looks=1)
    tone(tmp_path / "c.wav", (700, 1.0))
    assert await find(anna, call_id=call_id)
    with pytest.raises(Conflict):
        await find(anna, call_id=call_id)
    await work(keeper(tmp_path))
    assert (await listen(anna, call_id=call_id)).seconds == 1
