"""How long each step of a request may take in working time: set by the admin, in minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.requests.events import RequestLimitsSet
from crm_core.requests.shapes import RequestKind

KEY = "request.limits"
Step: TypeAlias = Literal["accept", "answer", "close"]
STEPS: tuple[Step, ...] = ("accept", "answer", "close")
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 90)]


class Limit(BaseModel):
    """Limits of requests of one source or one kind; of all others when it names neither.

    A step that is not named has the limit of the more general one; 0 is no limit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None
    kind: RequestKind | None = None
    accept: Minutes | None = None
    answer: Minutes | None = None
    close: Minutes | None = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> Limit:
        if self.source and self.kind:
            message = "name either a source or a kind"
            raise ValueError(message)
        return self

    @property
    def of(self) -> tuple[str | None, str | None]:
        return self.source, self.kind


async def limits() -> tuple[Limit, ...]:
    """As the admin has set them; none until then."""
    kept = await db.fetchval("SELECT value FROM setting WHERE key = $1", KEY)
    return tuple(Limit(**one) for one in orjson.loads(kept)) if kept else ()


def allowed(known: Sequence[Limit], kind: str, source: str) -> Mapping[Step, int]:
    """Seconds each step of such a request may take: a source before a kind before the rest."""
    by_name = {one.of: one for one in known}
    wanted = (by_name.get((source, None)), by_name.get((None, kind)), by_name.get((None, None)))
    found: dict[Step, int] = {}
    for step in STEPS:
        said = (getattr(one, step) for one in wanted if one is not None)
        if minutes := next((one for one in said if one is not None), 0):
            found[step] = minutes * 60
    return found


SAVE = """
INSERT INTO setting (key, value) VALUES ($1, $2::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


@command("request.set_limits", title=N_("Set limits of time for requests"), right=Right.STAFF_WRITE)
async def set_limits(actor: Actor, *, limits: Annotated[list[Limit], Field(max_length=100)]) -> int:
    """Replace all limits, in minutes of working time; returns how many there are.

    Open requests get their new deadlines; steps that are done keep what was said of them.
    """
    if len({one.of for one in limits}) < len(limits):
        raise Invalid(N_("Each source and each kind may have its limits only once."))
    kept = [one.model_dump(exclude_none=True) for one in limits]
    await db.execute(SAVE, KEY, orjson.dumps(kept).decode())
    await emit(RequestLimitsSet(count=len(kept)), actor=actor.key)
    return len(kept)
