"""Requests on the screen of a manager."""

from __future__ import annotations

from typing import Any

from crm_core.kernel import db
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from tests.bot.rig import Rig
from tests.factories_requests import request


async def arrives(
    person: Person, name: str = "Олег Петров", phone: str = "", **rest: Any
) -> Message:
    """A request comes and this person is shown it."""
    await request(phone, name, **rest)
    return await person.wait_text(name)


async def kept(rig: Rig) -> dict[str, Any]:
    """The newest request's row."""
    await rig.settled()
    row = await db.fetchrow("SELECT * FROM request ORDER BY id DESC LIMIT 1")
    assert row is not None
    return dict(row)
