"""The values a merge takes over from the folded card, and their way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from crm_core.clients import mergeable
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

Chosen = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which two cards differ, as people read it; `title` is a msgid."""

    field: str
    title: str
    kept: str
    gone: str


async def differences(kept_id: int, gone_id: int) -> list[Difference]:
    """What has to be chosen when these two become one; a field that differs, in its order."""
    found = []
    for name, field in mergeable.fields().items():
        kept, gone = await field.take(kept_id), await field.take(gone_id)
        if kept != gone:
            shown = await field.show(kept), await field.show(gone)
            found.append(Difference(field=name, title=field.title, kept=shown[0], gone=shown[1]))
    return found


async def take_over(actor: Actor, kept_id: int, gone_id: int, names: Sequence[str]) -> Chosen:
    """Put the folded card's values of these fields on the kept one; what stood where."""
    known, chosen = mergeable.fields(), {}
    for name in dict.fromkeys(names):
        if name not in known:
            raise Invalid(N_("A card has no field %(name)s to choose."), name=name)
        before, after = await known[name].take(kept_id), await known[name].take(gone_id)
        if before != after:
            await known[name].put(actor, kept_id, after)
            chosen[name] = {"before": before, "after": after}
    return chosen


async def give_back(actor: Actor, merge_id: int, kept_id: int) -> None:
    """Undo the choice; what somebody has changed since then stays as they wrote it."""
    text = await db.fetchval("SELECT chosen FROM client_merge WHERE id = $1", merge_id)
    known = mergeable.fields()
    for name, values in orjson.loads(text).items():
        if name in known and await known[name].take(kept_id) == values["after"]:
            await known[name].put(actor, kept_id, values["before"])
