"""Productivity and calls as reports: counted by hand on a small day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import crm_core.reports.commands  # noqa: F401 - registers the commands
from crm_core.calls.record import record
from crm_core.calls.shapes import CallSeen, LegSeen
from crm_core.kernel import commands, db
from crm_core.kernel.actors import Actor, Role
from tests import factories
from tests.crm_core.recordings.scenes import pbx, phone

pytestmark = pytest.mark.usefixtures("opened")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAYS = {"since": "2026-11-01", "until": "2026-11-30"}


async def said(channel: int, number: int, author: Actor, *, at: datetime = AT, **rest: str) -> None:
    """A word of dialog `number` of a channel."""
    dialog = await db.fetchval(
        "INSERT INTO dialog (channel_id, chat, identity_id, client_id, state, opened_at, last_at)"
        " VALUES ($1, $2, 1, $3, 'open', $4, $4)"
        " ON CONFLICT (channel_id, chat) WHERE state <> 'closed' DO UPDATE SET last_at = $4"
        " RETURNING id",
        channel,
        str(number),
        await client(),
        AT,
    )
    await db.execute(
        "INSERT INTO message (dialog_id, client_id, direction, kind, text, author_id, at,"
        " created_at) VALUES ($1, 1, $2, 'text', 'Да', $3, $4, $4)",
        dialog,
        rest.get("direction", "out"),
        author.id,
        at,
    )


async def client() -> int:
    found: int = await db.fetchval(
        "INSERT INTO client (id, kind, name, created_at) VALUES (1, 'person', 'Олег', now())"
        " ON CONFLICT (id) DO UPDATE SET name = client.name RETURNING id"
    )
    return found


async def called(key: str, at: datetime, *, extension: str, **rest: Any) -> None:
    answered = rest.pop("answered", True)
    leg = LegSeen(
        key=f"{key}.{extension}",
        extension=extension,
        how=rest.pop("how", "ring"),
        rang_at=at,
        answered_at=at + timedelta(seconds=10) if answered else None,
        ended_at=at + timedelta(seconds=70),
        outcome="answered" if answered else "no_answer",
        talk_seconds=60 if answered else 0,
    )
    known: dict[str, Any] = {"direction": "inbound", "number": "+79161234567", "queue": "sales"}
    seen = CallSeen(
        key=key,
        state="ended",
        started_at=at,
        ended_at=at + timedelta(seconds=70),
        answered_at=leg.answered_at,
        outcome="answered" if answered else "missed",
        wait_seconds=10,
        talk_seconds=leg.talk_seconds,
        legs=(leg,),
        **known | rest,
    )
    await record(await pbx_id(), [seen])


async def pbx_id() -> int:
    found: int | None = await db.fetchval("SELECT min(id) FROM pbx")
    return found or await pbx()


async def day() -> tuple[Actor, Actor, Actor]:
    await factories.queue()
    anna, boris = await phone("Анна", "101"), await phone("Борис", "102")
    head = await factories.employee("Вера", role=Role.HEAD)
    chat = await factories.channel("telegram", "Магазин", token="1:a", mode="polling")
    mail = await factories.channel("email", "Почта", **MAIL)
    for number in (1, 1, 2):
        await said(chat, number, anna)
    await said(chat, 2, anna, direction="note")
    await said(chat, 1, anna, at=AT - timedelta(days=40))
    await said(mail, 3, anna)
    await said(chat, 2, boris)
    await called("a", AT, extension="101")
    await called("b", AT + timedelta(hours=1), extension="101", answered=False)
    await called("c", AT + timedelta(hours=1), extension="102", direction="outbound", how="caller")
    return anna, boris, head


MAIL = {
    "address": "shop@example.com",
    "login": "shop",
    "password": "x",
    "imap_host": "127.0.0.1",
    "smtp_host": "127.0.0.1",
}


async def run(actor: Actor, report: str, **parameters: Any) -> dict[str, Any]:
    arguments = {"report": report, "parameters": DAYS | parameters}
    found: dict[str, Any] = await commands.run(actor, "report.run", arguments)
    return found


async def test_calls_mails_messages_and_dialogs_of_each_manager() -> None:
    anna, boris, head = await day()
    found = await run(head, "work")
    figures = ("manager", "calls", "taken", "made", "talk", "mails", "messages", "dialogs")
    assert [tuple(row[one] for one in figures) for row in found["rows"]] == [
        ("Анна", 1, 1, 0, 60, 1, 3, 3),
        ("Борис", 1, 0, 1, 60, 0, 1, 1),
    ]
    assert found["total"]["dialogs"] == 3, "one they both answered in"
    own = await run(boris, "work")
    assert [row["manager"] for row in own["rows"]] == ["Борис"]
    number = {"row": [str(anna.id)], "column": "messages"}
    arguments = {"report": "work", "parameters": DAYS, "number": number}
    assert (await commands.run(head, "report.items", arguments))["total"] == 2


async def test_statistics_of_calls_by_hour_manager_and_queue() -> None:
    anna, _boris, head = await day()
    found = await run(head, "call")
    figures = ("hour", "offered", "answered", "missed", "level", "outgoing")
    assert [tuple(row[one] for one in figures) for row in found["rows"]] == [
        ("12:00", 1, 1, 0, 1.0, 0),
        ("13:00", 1, 0, 1, 0.0, 1),
    ]
    assert found["total"]["level"] == 0.5
    people = await run(head, "call", cut="m")
    assert [(row["manager"], row["offered"]) for row in people["rows"]] == [
        ("Анна", 2),
        ("Борис", 0),
    ]
    arguments = {"report": "call", "parameters": {**DAYS, "cut": "m"}}
    arguments["number"] = {"row": [str(anna.id)]}
    assert (await commands.run(head, "report.items", arguments))["total"] == 2
    assert [row["offered"] for row in (await run(head, "call", cut="q"))["rows"]] == [2]
    own = await run(anna, "call")
    assert sum(row["outgoing"] for row in own["rows"]) == 0, "Boris' calls are not hers"
