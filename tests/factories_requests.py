"""Requests tests begin with."""

from __future__ import annotations

import itertools
from typing import Any

from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.pump import Pump
from crm_core.kernel.wake import Wakeups
from crm_core.requests import commands
from crm_core.requests.shapes import About, Origin, Person
from routing import draining, requestflow
from routing.inbound import store

_numbers = itertools.count(1)


async def request(phone: str = "", name: str = "Олег", **origin: Any) -> int:
    """A lead of the site; the id of the request."""
    found = await commands.register(
        SYSTEM,
        origin=Origin(**{"kind": "lead", "source": "Сайт"} | origin),
        person=Person(name=name, phone=phone),
        about=About(subject="Нужны розы"),
    )
    return found.request_id


def lead(**rest: Any) -> InboundLead:
    """A lead with a fresh external id."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "external_id": f"lead:{number}",
        "at": clock.now(),
        "source": "Сайт",
        "subject": "Нужны розы",
        "sender": Sender(external_id=f"p{number}", name="Олег"),
    }
    return InboundLead(**known | rest)


async def comes(channel_id: int, *leads: InboundLead) -> None:
    """Leads come in."""
    async with db.transaction():
        await store.apply([(channel_id, one) for one in leads])


async def pump() -> None:
    """Hand all facts to the routing's handlers."""
    await Pump((*draining.HANDLERS, *requestflow.HANDLERS), Wakeups()).drain()


async def row(request_id: int) -> dict[str, Any]:
    found = await db.fetchrow("SELECT * FROM request WHERE id = $1", request_id)
    assert found is not None
    return dict(found)
