"""Companies and their people, for tests of the bot."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients import linking
from crm_core.kernel.actors import SYSTEM, Actor

LINDEN, OLGA = "ООО Липа", "Ольга Ким"


async def company(actor: Actor, name: str = LINDEN) -> int:
    return (await clients.create(actor, name=name, kind="company")).client_id


async def linked(company_id: int, name: str, **rest: str) -> int:
    """A person of the company."""
    position = rest.pop("position", "")
    made = await clients.create(SYSTEM, name=name, **rest)  # type: ignore[arg-type]
    await linking.link(SYSTEM, company_id=company_id, person_id=made.client_id, position=position)
    return made.client_id
