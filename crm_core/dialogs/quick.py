"""Quick replies: prepared answers with placeholders and files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from pydantic import Field

from crm_core.dialogs.replies import FileIn
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_

PLACEHOLDERS = ("client", "client_first", "manager", "manager_first", "channel")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReplyView:
    """A prepared answer; `files` are ready to go into dialog.reply."""

    id: int
    title: str
    text: str
    files: tuple[FileIn, ...]
    own: bool


def fill(text: str, values: dict[str, str]) -> str:
    """Put values for `{client}`, `{manager_first}`, …; unknown ones stay as written."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


VALUES = """
SELECT c.name AS client, split_part(c.name, ' ', 1) AS client_first, e.name AS manager,
  split_part(e.name, ' ', 1) AS manager_first, ch.name AS channel
FROM dialog d JOIN client c ON c.id = d.client_id JOIN channel ch ON ch.id = d.channel_id,
  employee e WHERE d.id = $1 AND e.id = $2
"""


async def filled(quick_reply_id: int, *, dialog_id: int, employee_id: int) -> QuickReplyView:
    """The prepared answer with this dialog's values in place."""
    found = await quick_reply(quick_reply_id)
    values = await db.fetchrow(VALUES, dialog_id, employee_id)
    text = fill(found.text, dict(values or {}))
    return QuickReplyView(
        id=found.id, title=found.title, text=text, files=found.files, own=found.own
    )


LIST = """
SELECT id, title, text, files, owner_id IS NOT NULL AS own FROM quick_reply
WHERE (owner_id IS NULL OR owner_id = $1) AND ($2 = '' OR title ILIKE '%' || $2 || '%')
ORDER BY position, title, id
"""


async def quick_replies(employee_id: int, text: str = "") -> list[QuickReplyView]:
    """The company's and one's own; `text` narrows by title."""
    return [_view(row) for row in await db.fetch(LIST, employee_id, text)]


async def quick_reply(quick_reply_id: int) -> QuickReplyView:
    row = await db.fetchrow(
        "SELECT id, title, text, files, owner_id IS NOT NULL AS own FROM quick_reply WHERE id = $1",
        quick_reply_id,
    )
    if row is None:
        raise NotFound("There is no such quick reply.")
    return _view(row)


def _view(row: db.Row) -> QuickReplyView:
    files: list[dict[str, Any]] = orjson.loads(row["files"])
    return QuickReplyView(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        files=tuple(FileIn.model_validate(file) for file in files),
        own=row["own"],
    )


Title = Annotated[str, Field(min_length=1, max_length=80)]
Text = Annotated[str, Field(max_length=20_000)]


@command("quick_reply.add", title=N_("Add a quick reply"), right=Right.DIALOG_WORK)
async def add(
    actor: Actor,
    *,
    title: Title,
    text: Text = "",
    files: list[FileIn] | None = None,
    shared: bool = False,
) -> int:
    """Keep a prepared answer; shared ones need the right to write them."""
    if shared:
        actor.require(Right.QUICK_REPLY_WRITE)
    new_id: int = await db.fetchval(
        "INSERT INTO quick_reply (title, text, files, owner_id) VALUES ($1, $2, $3, $4)"
        " RETURNING id",
        title,
        text,
        _content(text, files),
        None if shared else actor.id,
    )
    return new_id


@command("quick_reply.change", title=N_("Change a quick reply"), right=Right.DIALOG_WORK)
async def change(
    actor: Actor,
    *,
    quick_reply_id: int,
    title: Title,
    text: Text = "",
    files: list[FileIn] | None = None,
) -> int:
    await _require_own(actor, quick_reply_id)
    await db.execute(
        "UPDATE quick_reply SET title = $2, text = $3, files = $4 WHERE id = $1",
        quick_reply_id,
        title,
        text,
        _content(text, files),
    )
    return quick_reply_id


def _content(text: str, files: list[FileIn] | None) -> str:
    if not text.strip() and not files:
        raise Invalid("A quick reply needs a text or a file.")
    return orjson.dumps([file.model_dump(mode="json") for file in files or []]).decode()


@command("quick_reply.remove", title=N_("Remove a quick reply"), right=Right.DIALOG_WORK)
async def remove(actor: Actor, *, quick_reply_id: int) -> int:
    await _require_own(actor, quick_reply_id)
    return await db.execute("DELETE FROM quick_reply WHERE id = $1", quick_reply_id)


async def _require_own(actor: Actor, quick_reply_id: int) -> None:
    row = await db.fetchrow("SELECT owner_id FROM quick_reply WHERE id = $1", quick_reply_id)
    if row is None:
        raise NotFound("There is no such quick reply.")
    if row["owner_id"] is None:
        actor.require(Right.QUICK_REPLY_WRITE)
    elif row["owner_id"] != actor.id:
        raise Forbidden("This quick reply belongs to somebody else.")
