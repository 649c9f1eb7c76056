"""Calls with recordings to begin with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen, LegSeen
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.recordings.keeping import HANDLERS
from telephony.recordings.keeper import Keeper
from telephony.recordings.names import Shelf
from tests import factories

NUMBER = "+79161234567"


async def pbx() -> int:
    found: int | None = await db.fetchval("SELECT min(id) FROM pbx")
    if found is not None:
        return found
    return await connecting.add(
        SYSTEM, kind="asterisk", name="office", settings=Settings(config={})
    )


async def phone(name: str, extension: str, role: Role = Role.MANAGER) -> Actor:
    """Somebody with a phone in the PBX."""
    actor = await factories.employee(name, role=role)
    await db.execute("UPDATE employee SET extension = $2 WHERE id = $1", actor.id, extension)
    return actor


def talk(key: str = "k.0", *, extension: str = "102", seconds: float = 3, **rest: Any) -> CallSeen:
    """A call that a client made and that somebody took."""
    start = rest.pop("started_at", None) or clock.now() - timedelta(seconds=seconds + 2)
    answered, ended = start + timedelta(seconds=2), start + timedelta(seconds=seconds + 2)
    leg = LegSeen(
        key=f"{key}.{extension}",
        extension=extension,
        how="ring",
        rang_at=start,
        answered_at=answered,
        ended_at=ended,
        outcome="answered",
        talk_seconds=seconds,
    )
    given: dict[str, Any] = {
        "key": key,
        "direction": "inbound",
        "state": "ended",
        "started_at": start,
        "answered_at": answered,
        "ended_at": ended,
        "number": NUMBER,
        "outcome": "answered",
        "wait_seconds": 2.0,
        "talk_seconds": seconds,
        "legs": (leg,),
    } | rest
    return CallSeen(**given)


async def recorded(name: str, key: str = "k.0", **rest: Any) -> int:
    """The id of an ended call whose recording the PBX calls `name`."""
    pbx_id = await pbx()
    await record(pbx_id, [talk(key, recording=name, **rest)])
    await Pump(HANDLERS, Wakeups()).drain()
    found: int = await db.fetchval("SELECT id FROM call WHERE key = $1", key)
    return found


def keeper(folder: Path | None) -> Keeper:
    """Works on recordings that lie in `folder`."""

    async def shelf_of(_pbx_id: int | None) -> Shelf | None:
        return Shelf(folder=folder) if folder else None

    return Keeper(shelf_of, Wakeups())


async def work(one: Keeper, *, looks: int = 2, after: float = 0) -> None:
    """Look so many times, two seconds apart, the first time in `after` seconds and two."""
    start = clock.now() + timedelta(seconds=after)
    for look in range(1, looks + 1):
        with clock.frozen(start + timedelta(seconds=2 * look)):
            await one.step()
