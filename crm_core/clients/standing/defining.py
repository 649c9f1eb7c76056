"""What an admin does with statuses: add, name, colour, order, put away, say what is full."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from pydantic import StringConstraints

from crm_core.clients.standing import jobs
from crm_core.clients.standing.checking import kept, require_fillable
from crm_core.clients.standing.deciding import Part, Status, require_whole
from crm_core.clients.standing.events import ClientStatusDefined
from crm_core.clients.standing.queries import NO_STATUS, policy
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import emit
from crm_core.kernel.ordering import shift

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Hex = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Mark = Literal["🟥", "🟧", "🟨", "🟩", "🟦", "🟪", "🟫", "⬛", "⬜"]
COLORS: dict[Mark, str] = {
    "🟥": "#D64545",
    "🟧": "#E8833A",
    "🟨": "#D9A514",
    "🟩": "#3FA66B",
    "🟦": "#3B82C4",
    "🟪": "#8A63D2",
    "🟫": "#8B6B4E",
    "⬛": "#4A4F57",
    "⬜": "#A8B0BA",
}
USUAL: tuple[tuple[str, Mark], ...] = (
    (N_("New client"), "🟦"),
    (N_("In work"), "🟨"),
    (N_("Regular client"), "🟩"),
    (N_("Lost"), "🟥"),
)
MOST = 50
TAKEN = N_("There is already a status %(title)s.")
TOO_MANY = N_("There are too many of them: %(most)s at most.")
STAYS = N_("New clients get this status: make another one the default first.")
LOCK = 0x53544154

ADD = """
INSERT INTO client_status (title, mark, color, is_default, position)
SELECT $1, $2, $3, NOT EXISTS (SELECT FROM client_status WHERE is_default),
  coalesce(max(position), 0) + 1 FROM client_status RETURNING id
"""


@command("client_status.add", title=N_("Add a status"), right=Right.SETUP)
async def add(actor: Actor, *, title: Title, mark: Mark = "⬜", color: Hex | None = None) -> int:
    """Think of a status; the first one is the default. `mark` shows in chats, `color` on pages."""
    await _hold()
    await _require_free(title)
    status_id: int = await db.fetchval(ADD, title, mark, color or COLORS[mark])
    await _tell(actor, await _status(status_id), "added", None)
    if (await _status(status_id)).is_default:
        await jobs.begin()
    return status_id


@command("client_status.usual", title=N_("Begin with the usual statuses"), right=Right.SETUP)
async def usual(actor: Actor) -> list[int]:
    """New, in work, regular, lost: only where there are none yet."""
    await _hold()
    if (await policy()).statuses:
        raise Conflict(N_("There are statuses already."))
    return [await add(actor, title=_(title), mark=mark) for title, mark in USUAL]


@command("client_status.change", title=N_("Change a status"), right=Right.SETUP)
async def change(
    actor: Actor,
    *,
    status_id: int,
    title: Title | None = None,
    mark: Mark | None = None,
    color: Hex | None = None,
) -> None:
    """Give a status another name or colour; what is left out stays."""
    before = await _held(status_id)
    if title is not None and title != before.title:
        await _require_free(title)
    shade = color or (COLORS[mark] if mark else before.color)
    await db.execute(
        "UPDATE client_status SET title = $2, mark = $3, color = $4 WHERE id = $1",
        status_id,
        title or before.title,
        mark or before.mark,
        shade,
    )
    await _tell(actor, before, "look", [before.title, before.mark, before.color])


@command(
    "client_status.set_default", title=N_("Choose the status of new clients"), right=Right.SETUP
)
async def set_default(actor: Actor, *, status_id: int) -> None:
    """New clients get this status, and everybody whom no rule gives another one."""
    one = await _held(status_id)
    if one.archived:
        raise Invalid(N_("This status has been put away: take it back first."))
    before = (await policy()).default
    await db.execute("UPDATE client_status SET is_default = false WHERE is_default")
    await db.execute("UPDATE client_status SET is_default = true WHERE id = $1", status_id)
    await _tell(actor, one, "default", before.id if before else None)
    await jobs.begin()


@command("client_status.archive", title=N_("Put a status away"), right=Right.SETUP)
async def archive(actor: Actor, *, status_id: int, archived: bool = True) -> None:
    """Put a status away or take it back. Who has it by hand keeps it, its rules rest."""
    one = await _held(status_id)
    if archived and one.is_default:
        raise Invalid(STAYS)
    await db.execute("UPDATE client_status SET archived = $2 WHERE id = $1", status_id, archived)
    await _tell(actor, one, "archived", one.archived)
    await jobs.begin()


@command("client_status.move", title=N_("Move a status"), right=Right.SETUP)
async def move(actor: Actor, *, status_id: int, up: bool = True) -> None:
    """Swap a status with the one before it or after it in lists."""
    await shift("client_status", (await _status(status_id)).id, up=up, among="NOT archived")


@command("client_status.set_template", title=N_("Say what a full card has"), right=Right.SETUP)
async def set_template(actor: Actor, *, status_id: int, template: list[Part]) -> None:
    """What the cards of a status shall have, with weights that sum to 100; empty: nothing."""
    one = await _held(status_id)
    conditions = await kept(part.condition for part in template)
    for condition in conditions:
        require_fillable(condition)
    parts = [
        Part(condition=condition, weight=part.weight)
        for condition, part in zip(conditions, template, strict=True)
    ]
    require_whole(parts)
    text = orjson.dumps([part.model_dump(mode="json") for part in parts]).decode()
    await db.execute("UPDATE client_status SET template = $2::jsonb WHERE id = $1", status_id, text)
    before = [part.model_dump(mode="json") for part in one.template]
    await _tell(actor, one, "template", before)
    await jobs.begin()


async def _hold() -> None:
    """Changes of statuses one after the other: names, places and the default are the house's."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)


async def _held(status_id: int) -> Status:
    await _hold()
    return await _status(status_id)


async def _status(status_id: int) -> Status:
    found = (await policy()).statuses.get(status_id)
    if found is None:
        raise NotFound(NO_STATUS)
    return found


async def _require_free(title: str) -> None:
    there = (await policy()).statuses.values()
    if any(one.title.casefold() == title.casefold() for one in there):
        raise Invalid(TAKEN, title=title)
    if len(there) >= MOST:
        raise Invalid(TOO_MANY, most=MOST)


async def _tell(actor: Actor, one: Status, what: str, before: object) -> None:
    event = ClientStatusDefined(status_id=one.id, title=one.title, change=what, before=before)
    await emit(event, actor=actor.key)
