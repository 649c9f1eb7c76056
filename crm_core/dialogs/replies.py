"""Answers to clients: written, cut into parts and queued in one transaction; edits; retries."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, Field

from crm_core.dialogs import access, capabilities, codec
from crm_core.dialogs.buttons import ButtonRow
from crm_core.dialogs.events import MessageEdited, ReplyQueued
from crm_core.dialogs.messages import Kind, OutFile
from crm_core.dialogs.split import Content, parts_of
from crm_core.dialogs.statuses import refresh_status
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.outbox.rows import Post, channel_lane, put, tell

REPLY_PRIORITY = 1
# What `message.extra` holds for every channel; all else is the channel's own.
OWN_KEYS = frozenset({"contact", "location", "buttons", "author"})
# Pictures of one album come as separate updates: the part leaves when no more can be expected.
ALBUM_PAUSE = timedelta(seconds=0.8)


class FileIn(BaseModel):
    """A file that already lies in the store, to be sent or kept with a message."""

    sha: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Kind = Kind.DOCUMENT
    name: str = Field(max_length=255)
    mime: str = Field(max_length=120)
    size: int = Field(ge=0)
    width: int | None = None
    height: int | None = None
    duration: int | None = None

    def out(self) -> OutFile:
        """For the outbox: its `path` is the SHA-256 until the lane resolves it."""
        return OutFile(path=self.sha, **self.model_dump(exclude={"sha"}))


class Reply(BaseModel):
    """What an answer carries besides its text. `entities` as codec.dump_entities gives them;
    `extra` is what only this kind of channel understands; `aside`: it goes to somebody else, the
    client still waits for an answer."""

    entities: list[dict[str, Any]] = []
    files: list[FileIn] = []
    contact: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    reply_to: int | None = None
    album: str | None = Field(default=None, max_length=64)
    buttons: list[ButtonRow] = Field(default=[], max_length=3)
    extra: dict[str, Any] = {}
    aside: bool = False

    def kind(self) -> Kind:
        if self.files:
            return self.files[0].kind
        if self.contact:
            return Kind.CONTACT
        return Kind.LOCATION if self.location else Kind.TEXT


@command("dialog.reply", title=N_("Answer the client"), right=Right.DIALOG_WORK)
async def reply(
    actor: Actor,
    *,
    dialog_id: int,
    text: Annotated[str, Field(max_length=100_000)] = "",
    extra: Reply | None = None,
) -> int:
    """Queue an answer; returns its message id. Waiting dialogs must be accepted first."""
    extra = extra or Reply()
    row = await access.locked(dialog_id)
    await _require_answerable(actor, row)
    if not text.strip() and extra.kind() is Kind.TEXT:
        raise Invalid("The answer is empty: write something.")
    if extra.reply_to and not await db.fetchval(QUOTABLE, extra.reply_to, dialog_id):
        extra = extra.model_copy(update={"reply_to": None})
    if extra.album and (found := await _album(dialog_id, extra.album)):
        return await _extend(row, found, text, extra)
    message_id = await _insert(actor, row, text, extra)
    await _put(row, message_id, await _said(actor, row, text, extra), bool(extra.album))
    if not extra.aside:
        await db.execute(ANSWERED, dialog_id, clock.now())
    await emit(
        ReplyQueued(
            dialog_id=dialog_id,
            client_id=row["client_id"],
            message_id=message_id,
            employee_id=actor.id,
        ),
        actor=actor.key,
    )
    return message_id


# Only messages of the same chat may be quoted in it.
QUOTABLE = """
SELECT 1 FROM message m JOIN dialog was ON was.id = m.dialog_id JOIN dialog d
  ON d.channel_id = was.channel_id AND d.chat = was.chat
WHERE m.id = $1 AND d.id = $2
"""
ANSWERED = """
UPDATE dialog SET unanswered_since = NULL, answered_at = coalesce(answered_at, $2), last_at = $2
WHERE id = $1
"""


async def _require_answerable(actor: Actor, row: db.Row) -> None:
    if row["state"] == "waiting":
        await access.require_read(actor, row["id"])
        raise Conflict("Accept the dialog before you answer.")
    access.require_mine(actor, row)
    if row["state"] == "closed":
        raise Conflict("The dialog is closed. It opens again when the client writes.")
    if row["channel_kind"] == "removed":
        raise Conflict("The channel was removed: choose another way to reach the client.")
    if not row["reachable"]:
        raise Conflict("The client has blocked this channel: choose another way to reach them.")


INSERT = """
INSERT INTO message (dialog_id, client_id, direction, kind, text, entities, extra, author_id,
  reply_to_id, album, status, at, created_at)
VALUES ($1, $2, 'out', $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $10) RETURNING id
"""


async def _insert(actor: Actor, row: db.Row, text: str, extra: Reply) -> int:
    rest = extra.extra | {
        "contact": extra.contact,
        "location": extra.location,
        "buttons": [[one.model_dump() for one in row] for row in extra.buttons],
    }
    message_id: int = await db.fetchval(
        INSERT,
        row["id"],
        row["client_id"],
        extra.kind().value,
        text,
        orjson.dumps(extra.entities).decode(),
        orjson.dumps({key: one for key, one in rest.items() if one}).decode(),
        actor.id or None,
        extra.reply_to,
        extra.album,
        clock.now(),
    )
    await _attach(message_id, extra.files)
    return message_id


async def _attach(message_id: int, files: list[FileIn]) -> None:
    for file in files:
        await db.execute(
            "INSERT INTO attachment (message_id, kind, name, mime, size, width, height, duration,"
            " sha, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'stored')",
            message_id,
            file.kind.value,
            file.name,
            file.mime,
            file.size,
            file.width,
            file.height,
            file.duration,
            file.sha,
        )


async def _album(dialog_id: int, album: str) -> int | None:
    """The message of this album, while nothing of it has left."""
    found: int | None = await db.fetchval(
        "SELECT m.id FROM message m WHERE m.dialog_id = $1 AND m.direction = 'out'"
        " AND m.album = $2 FOR UPDATE",
        dialog_id,
        album,
    )
    return found


async def _extend(row: db.Row, message_id: int, text: str, extra: Reply) -> int:
    waiting = await db.fetch(
        "SELECT state FROM outbox WHERE message_id = $1 FOR UPDATE", message_id
    )
    if any(part["state"] != "queued" for part in waiting):
        raise Conflict("The album has already left: send this file as a message of its own.")
    await db.execute("DELETE FROM outbox WHERE message_id = $1", message_id)
    await _attach(message_id, extra.files)
    if text:
        entities = orjson.dumps(extra.entities).decode()
        await db.execute(
            "UPDATE message SET text = $2, entities = $3 WHERE id = $1 AND text = ''",
            message_id,
            text,
            entities,
        )
    await _queue(row, message_id)
    return message_id


async def _said(actor: Actor, row: db.Row, text: str, extra: Reply) -> Content:
    """What has just been written, without reading it back."""
    quoted = extra.reply_to and await db.fetchval(QUOTED, extra.reply_to, row["channel_id"])
    return Content(
        text=text,
        entities=codec.load_entities(extra.entities),
        files=tuple(file.out() for file in extra.files),
        contact=codec.load_contact(extra.contact),
        location=codec.load_location(extra.location),
        reply_to=quoted or None,
        author=actor.name if actor.id else None,
        buttons=codec.load_buttons([[one.model_dump() for one in row] for row in extra.buttons]),
        extra={key: one for key, one in extra.extra.items() if one and key not in OWN_KEYS},
    )


QUOTED = """
SELECT external_id FROM message_ref WHERE message_id = $1 AND channel_id = $2 ORDER BY id LIMIT 1
"""


async def _queue(row: db.Row, message_id: int) -> None:
    """Cut the message as it stands now and queue its parts."""
    await _put(row, message_id, *await _content(row["channel_id"], message_id))


async def _put(row: db.Row, message_id: int, content: Content, album: bool) -> None:
    not_before = clock.now() + ALBUM_PAUSE if album else None
    caps = capabilities.of(row["channel_kind"])
    await put(
        *(
            Post(
                lane=channel_lane(row["channel_id"]),
                chat=row["chat"],
                kind="part",
                data=codec.dump(part),
                message_id=message_id,
                priority=REPLY_PRIORITY,
                not_before=not_before,
            )
            for part in parts_of(content, caps, key=f"m{message_id}")
        )
    )


CONTENT = """
SELECT m.text, m.entities, m.extra, m.album, e.name AS author,
  (SELECT r.external_id FROM message_ref r
   WHERE r.message_id = m.reply_to_id AND r.channel_id = $2 ORDER BY r.id LIMIT 1) AS reply_to
FROM message m LEFT JOIN employee e ON e.id = m.author_id WHERE m.id = $1
"""
FILES = """
SELECT kind, sha, name, mime, size, width, height, duration FROM attachment
WHERE message_id = $1 AND state = 'stored' ORDER BY id
"""


async def _content(channel_id: int, message_id: int) -> tuple[Content, bool]:
    row = await db.fetchrow(CONTENT, message_id, channel_id)
    assert row is not None  # noqa: S101 - written in this transaction
    extra = orjson.loads(row["extra"])
    files = await db.fetch(FILES, message_id)
    content = Content(
        text=row["text"],
        entities=codec.load_entities(orjson.loads(row["entities"])),
        files=tuple(FileIn(**dict(file)).out() for file in files),
        contact=codec.load_contact(extra.get("contact")),
        location=codec.load_location(extra.get("location")),
        reply_to=row["reply_to"],
        author=row["author"],
        buttons=codec.load_buttons(extra.get("buttons")),
        extra={key: one for key, one in extra.items() if key not in OWN_KEYS},
    )
    return content, bool(row["album"])


@command("message.edit", title=N_("Correct a sent answer"), right=Right.DIALOG_WORK)
async def edit(
    actor: Actor, *, message_id: int, text: str, entities: list[dict[str, Any]] | None = None
) -> int:
    """Change the text of one's own answer, at the client's too where the channel can."""
    message = await _own(actor, message_id)
    row = await access.mine(actor, message["dialog_id"])
    if not text.strip():
        raise Invalid("The answer is empty: write something.")
    if not capabilities.of(row["channel_kind"]).edits:
        raise Conflict("This channel can't change what was sent: write a new message.")
    await db.execute(
        "UPDATE message SET text = $2, entities = $3, edited_at = $4 WHERE id = $1",
        message_id,
        text,
        orjson.dumps(entities or []).decode(),
        clock.now(),
    )
    await _queue_edit(row, message_id)
    await emit(
        MessageEdited(
            dialog_id=row["id"],
            client_id=row["client_id"],
            message_id=message_id,
            direction="out",
            before=message["text"],
        ),
        actor=actor.key,
    )
    return message_id


async def _own(actor: Actor, message_id: int) -> db.Row:
    row = await db.fetchrow(
        "SELECT dialog_id, author_id, text, direction FROM message WHERE id = $1", message_id
    )
    if row is None or row["direction"] != "out":
        raise NotFound("There is no such message.")
    if row["author_id"] != actor.id and not actor.may(Right.DIALOG_ALL):
        raise Forbidden("This message was written by somebody else.")
    return row


UNSENT = frozenset({"queued", "failed", "unknown"})
PARTS = """
SELECT id, state, data FROM outbox WHERE message_id = $1 AND kind = 'part' ORDER BY id FOR UPDATE
"""


async def _queue_edit(row: db.Row, message_id: int) -> None:
    """Unsent parts change where they wait; of sent ones those that differ are edited."""
    parts = await db.fetch(PARTS, message_id)
    if parts and all(part["state"] == "queued" for part in parts):
        await db.execute("DELETE FROM outbox WHERE message_id = $1", message_id)
        await _queue(row, message_id)
        return
    content, _ = await _content(row["channel_id"], message_id)
    caps = capabilities.of(row["channel_kind"])
    cut = parts_of(content, caps, key=f"m{message_id}")
    if len(cut) != len(parts):
        raise Conflict("The text has become too long or too short to be changed in place.")
    data = [orjson.dumps(codec.dump(part)) for part in cut]
    changed = [
        (old, number)
        for number, old in enumerate(parts)
        if orjson.loads(old["data"]) != orjson.loads(data[number])
    ]
    # What a part holds is what the client is meant to see: a retry sends that, too.
    await db.executemany(
        "UPDATE outbox SET data = $2::jsonb WHERE id = $1",
        [(old["id"], data[number].decode()) for old, number in changed],
    )
    edits = [cut[number] for old, number in changed if old["state"] not in UNSENT]
    await put(
        *(
            Post(
                lane=channel_lane(row["channel_id"]),
                chat=row["chat"],
                kind="edit",
                data=codec.dump(part),
                message_id=message_id,
                priority=REPLY_PRIORITY,
                slot=f"edit:{part.key}",
            )
            for part in edits
            if part.text
        )
    )


REQUEUE = """
UPDATE outbox SET state = 'queued', attempts = 0, error = NULL, next_at = $2, done_at = NULL
WHERE message_id = $1 AND kind = 'part' AND state IN ('failed', 'unknown') RETURNING lane
"""


@command("message.retry", title=N_("Send again what failed"), right=Right.DIALOG_WORK)
async def retry(actor: Actor, *, message_id: int) -> int:
    """Queue the failed or unknown parts once more; returns how many there were."""
    message = await db.fetchrow("SELECT dialog_id FROM message WHERE id = $1", message_id)
    if message is None:
        raise NotFound("There is no such message.")
    await access.mine(actor, message["dialog_id"])
    lanes = [row["lane"] for row in await db.fetch(REQUEUE, message_id, clock.now())]
    if lanes:
        await refresh_status(message_id)
        await tell(set(lanes))
    return len(lanes)
