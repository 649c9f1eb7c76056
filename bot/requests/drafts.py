"""A request being taken in by hand: kept until it is saved or thrown away, never a fact."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.desk import Desk
from crm_core.kernel import memory
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_

VIEW = "draft"  # chat -> Draft
WAYS = (N_("Phone call"), N_("In person"), N_("Mail"), N_("Messenger"), N_("Other"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`person` as `capturing` tells it; `way`: which of WAYS; `client_id` of a chosen card."""

    person: dict[str, str] = field(default_factory=dict)
    client_id: int | None = None
    text: str = ""
    way: int = 0

    @property
    def lacking(self) -> list[str]:
        """What a new person still lacks, the most wanted first."""
        if self.client_id is not None:
            return []
        reach = () if self.person.get("phone") or self.person.get("email") else ("phone",)
        return [one for one in ("name", *reach) if not self.person.get(one)]


async def load(desk: Desk) -> Draft:
    """Conflict when it has been saved or thrown away."""
    kept = await memory.get(VIEW, str(desk.chat_id))
    if kept is None:
        raise Conflict(N_("This draft is over: begin a new one."))
    return Draft(**kept)


async def save(desk: Desk, draft: Draft) -> Draft:
    await memory.put(VIEW, str(desk.chat_id), asdict(draft))
    return draft


async def change(desk: Desk, **what: Any) -> Draft:
    return await save(desk, replace(await load(desk), **what))


async def drop(desk: Desk) -> None:
    await memory.drop(VIEW, str(desk.chat_id))
