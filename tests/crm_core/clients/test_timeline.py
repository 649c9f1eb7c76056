"""The timeline: everything is there, in one order, page by page, and filtered."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.clients import commands, merging
from crm_core.clients.timeline import Cursor, ItemKind, TimelineItem, timeline
from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.requests.commands import register
from crm_core.requests.shapes import About, Origin
from tests.crm_core.clients import people

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def _file(message_id: int, name: str) -> None:
    await db.execute(
        "INSERT INTO attachment (message_id, kind, name, mime, state)"
        " VALUES ($1, 'document', $2, 'application/pdf', 'stored')",
        message_id,
        name,
    )


async def _fixture(seed: int) -> int:
    """A client with a mixed past; several things happen in the same second."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    anna = await people.employee()
    with clock.frozen(START):
        client_id = (await commands.create(anna, name="Пётр")).client_id
        identity = await people.identity(client_id, await people.channel())
        dialog = await people.dialog(identity)
    for number in range(40):
        with clock.frozen(START + timedelta(seconds=chance.randrange(12))):
            match chance.randrange(5):
                case 0:
                    await commands.note(anna, client_id=client_id, text=f"заметка {number}")
                case 1:
                    await commands.rename(anna, client_id=client_id, name=f"Имя {number}")
                case 2:
                    way = chance.choice(["in", "out", "note"])
                    await people.message(dialog, f"текст {number}", direction=way)
                case 3:
                    await register(
                        anna,
                        origin=Origin(source="Сайт", at=clock.now()),
                        about=About(subject=f"заявка {number}"),
                        client_id=client_id,
                    )
                case _:
                    message = await people.message(dialog, f"файл {number}")
                    await _file(message, f"{number}.pdf")
    with clock.frozen(START + timedelta(seconds=5)):
        for number in range(3):
            await _call(client_id, number)
    return client_id


async def _call(client_id: int, number: int) -> None:
    pbx = await connecting.add(
        SYSTEM, kind="asterisk", name=f"АТС {number}", settings=Settings(config={})
    )
    await db.execute(
        "INSERT INTO call (pbx_id, key, direction, state, client_id, started_at)"
        " VALUES ($1, 'k', 'inbound', 'ended', $2, $3)",
        pbx,
        client_id,
        clock.now(),
    )


async def _all(client_id: int, *, page: int, kinds: set[ItemKind] | None) -> list[TimelineItem]:
    found: list[TimelineItem] = []
    cursor: Cursor | None = None
    while items := await timeline(SYSTEM, client_id, before=cursor, limit=page, kinds=kinds):
        found += items
        cursor = items[-1].cursor
    return found


async def _expected(client_id: int) -> int:
    count: int = await db.fetchval(
        "SELECT (SELECT count(*) FROM message WHERE client_id = $1)"
        " + (SELECT count(*) FROM client_note WHERE client_id = $1)"
        " + (SELECT count(*) FROM request WHERE client_id = $1)"
        " + (SELECT count(*) FROM call WHERE client_id = $1)"
        " + (SELECT count(*) FROM event WHERE client_id = $1 AND type NOT IN"
        " ('ClientNoted', 'RequestRegistered'))",
        client_id,
    )
    return count


@pytest.mark.parametrize("seed", range(3))
async def test_everything_once_in_one_order(opened: str, seed: int) -> None:
    client_id = await _fixture(seed)
    whole = await _all(client_id, page=100, kinds=None)
    assert len(whole) == await _expected(client_id) == len({one.cursor for one in whole})
    assert [one.at for one in whole] == sorted((one.at for one in whole), reverse=True)
    for page in (1, 7):
        assert await _all(client_id, page=page, kinds=None) == whole


@pytest.mark.parametrize("kind", list(ItemKind))
async def test_filters(opened: str, kind: ItemKind) -> None:
    client_id = await _fixture(7)
    whole = await _all(client_id, page=100, kinds=None)
    chosen = await _all(client_id, page=5, kinds={kind})
    if kind is ItemKind.FILE:
        expected = [one for one in whole if one.files]
    else:
        expected = [one for one in whole if one.kind is kind]
    assert chosen == expected != []
    both = await _all(client_id, page=5, kinds={kind, ItemKind.EVENT})
    assert both == [one for one in whole if one in expected or one.kind is ItemKind.EVENT]


async def test_no_kinds_no_items(opened: str) -> None:
    assert await timeline(SYSTEM, await people.client("А"), kinds=()) == []


async def test_what_an_item_tells(opened: str) -> None:
    anna = await people.employee()
    client_id = await people.client("Пётр")
    dialog = await people.dialog(await people.identity(client_id, await people.channel()))
    message = await people.message(dialog, "счёт", at=START)
    await _file(message, "счёт.pdf")
    await commands.rename(anna, client_id=client_id, name="Пётр Ёлкин")
    renamed, written = await timeline(SYSTEM, client_id)
    assert (renamed.what, renamed.author) == ("ClientRenamed", anna.name)
    assert renamed.data == {"name": "Пётр Ёлкин", "before": "Пётр"}
    assert (written.what, written.text, written.dialog_id) == ("in", "счёт", dialog)
    assert [(one["name"], one["state"]) for one in written.files] == [("счёт.pdf", "stored")]


async def test_a_merged_card_shows_both_pasts(opened: str) -> None:
    first, second = await people.client("А"), await people.client("Б")
    await commands.note(SYSTEM, client_id=first, text="первый")
    await commands.note(SYSTEM, client_id=second, text="второй")
    done = await merging.merge(SYSTEM, kept_id=first, gone_id=second)
    texts = [one.text for one in await timeline(SYSTEM, second, kinds={ItemKind.NOTE})]
    assert sorted(texts) == ["второй", "первый"]
    assert (await timeline(SYSTEM, first))[0].data["gone_name"] == "Б"
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert [one.text for one in await timeline(SYSTEM, second, kinds={ItemKind.NOTE})] == ["второй"]
