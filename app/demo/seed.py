"""The demo's rows, written through the same commands and pipes that real life uses."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg

from app.demo import people
from bot.me import VIEW as BOT
from channels import registry
from crm_core.accounts import commands as accounts
from crm_core.accounts import queries
from crm_core.accounts.validating import secret_fields, validated
from crm_core.dialogs import commands as dialogs
from crm_core.dialogs import quick, replies
from crm_core.dialogs.messages import InboundMessage, Kind, Sender
from crm_core.dialogs.statuses import refresh_status
from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.staff import commands as staff
from crm_core.staff.queries import actor_of_employee
from routing.inbound import store as inbound

# What the play changes; staff, queues and channels stay. In the order of the inbound pipe, so
# that the two do not wait for each other in a ring.
PLAYED = (
    "raw_event, message_ref, identity, client, dialog, request, message, attachment, event,"
    " client_merge, client_note, command_key, contact_point, event_failure, outbox, quick_reply,"
    " timer, call, call_leg, call_route, call_order, caller_rule, call_recording, call_result,"
    " recording_access, client_link, client_requisites, duplicate_pair, client_name_key,"
    " client_due, client_item, primary_interest, undone"
)
# What the bot has learned of itself when it started is no part of the play.
SCREENS = "DELETE FROM view_memory WHERE view <> $1"


async def company(*, sandboxed: bool) -> list[Actor]:
    """The staff and their queue; in the sandbox they are bound to its Telegram accounts."""
    await staff.save_queue(SYSTEM, name=people.QUEUE)
    actors = []
    for one in people.MANAGERS:
        employee_id = await staff.add(
            SYSTEM,
            name=one.name,
            role=Role(one.role),
            telegram_id=one.telegram_id if sandboxed else None,
        )
        actor = await actor_of_employee(employee_id)
        assert actor is not None  # noqa: S101 - just added
        actors.append(actor)
    # The phones of the stage show this machine's time: the bot should say the same.
    await db.execute("UPDATE employee SET timezone = $1", _local_zone())
    # The head watches over the queue and takes nothing from it.
    sellers = [one.id for one in actors if one.role is Role.MANAGER]
    await staff.save_queue(SYSTEM, name=people.QUEUE, members=sellers)
    return actors


def _local_zone() -> str:
    """This machine's zone by its whole hours; signs of these names are the other way round."""
    hours = round(time.localtime().tm_gmtoff / 3600)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


async def channel(kind: str, name: str, **config: str) -> int:
    """A channel account with validated settings; returns its id."""
    model = registry.kind(kind).Config
    return await accounts.add(
        SYSTEM,
        kind=kind,
        name=name,
        settings=accounts.Settings(
            config=validated(model, config), secret_fields=secret_fields(model)
        ),
    )


async def hook(channel_id: int) -> str:
    """The path providers and pages call this account at."""
    row = await queries.account(channel_id)
    assert row is not None  # noqa: S101 - just added
    return f"/hooks/{row.id}/{row.hook_secret}"


async def scene(channel_id: int, managers: list[Actor]) -> None:
    """Empty what was played and put the past in its place; safe beside a running hub."""
    for attempt in range(5):
        try:
            await _scene(channel_id, managers)
        except asyncpg.DeadlockDetectedError:
            if attempt == 4:
                raise
        else:
            return


async def _scene(channel_id: int, managers: list[Actor]) -> None:
    async with db.transaction():
        # Numbers go on: what is still on its way must not be taken for something new.
        await db.execute(f"TRUNCATE {PLAYED}")
        await db.execute(SCREENS, BOT)
        await db.execute("UPDATE employee SET load = 0, last_assigned_at = NULL, presence = 'on'")
        await _quick_replies(managers[-1])
        for days, hour, name, who, lines, summary in people.PAST:
            at = (clock.now() - timedelta(days=days)).replace(hour=hour - 3, minute=4)
            await _past(channel_id, at, name, managers[who], lines)
            await _end(managers[who], summary)
        await db.execute("UPDATE employee SET last_assigned_at = NULL")
        # Nobody needs to be told today what happened last week.
        await db.execute("UPDATE event SET pumped = true")


async def _past(
    channel_id: int, at: datetime, name: str, manager: Actor, lines: tuple[str, ...]
) -> None:
    """One conversation of the past: its messages, three minutes apart."""
    for number, line in enumerate(lines):
        with clock.frozen(at + timedelta(minutes=3 * number)):
            if line.startswith("<"):
                await _client_says(channel_id, name, number, line[1:])
                continue
            dialog_id = await _latest_dialog()
            await dialogs.accept(manager, dialog_id=dialog_id)
            message_id = await replies.reply(manager, dialog_id=dialog_id, text=line[1:])
            await db.execute("UPDATE outbox SET state = 'read' WHERE message_id = $1", message_id)
            await refresh_status(message_id)


async def _client_says(channel_id: int, name: str, number: int, text: str) -> None:
    chat = f"demo-{name}"
    sender = Sender(external_id=chat, name=name)
    message = InboundMessage(
        external_id=f"{chat}:{number}", chat=chat, sender=sender, at=clock.now(), text=text
    )
    await inbound.apply([(channel_id, message)])


async def _latest_dialog() -> int:
    found: int = await db.fetchval("SELECT max(id) FROM dialog")
    return found


async def _end(manager: Actor, summary: str) -> None:
    dialog_id = await _latest_dialog()
    last = await db.fetchval("SELECT max(at) FROM message WHERE dialog_id = $1", dialog_id)
    with clock.frozen(last + timedelta(minutes=5)):
        await dialogs.close(manager, dialog_id=dialog_id, summary=summary)


async def _quick_replies(author: Actor) -> None:
    for title, text, file in people.QUICK_REPLIES:
        files = [await _price_list()] if file else []
        await quick.add(author, title=title, text=text, files=files, shared=True)


async def _price_list() -> replies.FileIn:
    content = people.PRICE_LIST.encode()

    async def once() -> AsyncIterator[bytes]:
        yield content

    kept = await store().put(once(), limit=len(content))
    await db.execute(
        "INSERT INTO stored_file (sha, size, mime) VALUES ($1, $2, 'text/plain')"
        " ON CONFLICT (sha) DO NOTHING",
        kept.sha,
        kept.size,
    )
    return replies.FileIn(
        sha=kept.sha,
        kind=Kind.DOCUMENT,
        name="Прайс-лист Ромашка.txt",
        mime="text/plain",
        size=kept.size,
    )
