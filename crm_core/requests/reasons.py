"""Why requests may be rejected: a list the admin keeps."""

from __future__ import annotations

from typing import Annotated

import orjson
from pydantic import Field, StringConstraints

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Invalid, Missing
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

KEY = "request.reasons"
DEFAULTS = (
    N_("Spam"),
    N_("Not what we do"),
    N_("Duplicate"),
    N_("Can't be reached"),
    N_("Changed their mind"),
)
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]

SAVE = """
INSERT INTO setting (key, value) VALUES ($1, $2::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


async def reasons() -> tuple[str, ...]:
    """In the admin's order; before an admin has said so, the usual ones.

    These are kept in English, so that reports add them up, and shown by `gettext`.
    """
    kept = await db.fetchval("SELECT value FROM setting WHERE key = $1", KEY)
    return tuple(orjson.loads(kept)) if kept else DEFAULTS


@command("request.set_reasons", title=N_("Set reasons of rejection"), right=Right.STAFF_WRITE)
async def set_reasons(
    actor: Actor, *, reasons: Annotated[list[Reason], Field(min_length=1, max_length=30)]
) -> int:
    """Replace the list of reasons a request may be rejected for; returns how many there are."""
    found = list(dict.fromkeys(reasons))
    await db.execute(SAVE, KEY, orjson.dumps(found).decode())
    return len(found)


async def required(reason: str) -> str:
    """The reason as it stands in the list; Missing when empty, Invalid when unknown."""
    wanted = reason.strip()
    if not wanted:
        raise Missing(N_("Choose why the request is rejected."), fields=("reason",))
    allowed = {word: one for one in await reasons() for word in (one, _(one))}
    if wanted not in allowed:
        raise Invalid(
            N_("There is no reason %(reason)s. Known: %(known)s."),
            reason=wanted,
            known=", ".join(dict.fromkeys(_(one) for one in allowed.values())),
        )
    return allowed[wanted]
