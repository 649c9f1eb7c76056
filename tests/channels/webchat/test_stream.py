"""The live stream: what was missed, what happens, receipts, edits, typing, two hundred at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponseError

from channels.webchat import live, stream
from crm_core.dialogs import replies
from crm_core.dialogs.replies import Reply
from crm_core.kernel import db, wake
from tests.channels.webchat.site import Site, Visitor, open_site
from tests.waiting import eventually


async def begun(site: Site) -> tuple[Visitor, int]:
    """A visitor whose dialog Анна has accepted."""
    visitor = await site.visitor()
    await visitor.write("Здравствуйте")
    dialog = await site.dialog()
    await site.accept(dialog)
    return visitor, dialog


async def first(visitor: Visitor, name: str, after: str = "") -> dict[str, Any]:
    """The first event of a name."""
    async with asyncio.timeout(20):
        async for kind, data in visitor.events(after):
            if kind == name:
                return data
    raise AssertionError(f"the stream ended without {name}")


async def message_status(message: int) -> str:
    found: str = await db.fetchval("SELECT status FROM message WHERE id = $1", message)
    return found


async def test_an_answer_comes_at_once_with_its_author(site: Site) -> None:
    visitor, dialog = await begun(site)
    cursor = (await visitor.session())["cursor"]
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(visitor.messages(2, cursor))
        await eventually(lambda: _streams(site))
        answer = await site.answer(dialog, "Добрый день!")
    own, theirs = waiting.result()
    assert own["mine"] is True
    assert (theirs["id"], theirs["text"], theirs["author"]) == (answer, "Добрый день!", "Анна")
    assert "mine" not in theirs


async def test_an_answer_comes_soon_while_the_pump_stands(opened: str) -> None:
    async with open_site(pumped=False) as site, asyncio.timeout(stream.HEARTBEAT / 2):
        visitor, dialog = await begun(site)
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(visitor.messages(2))
            await eventually(lambda: _streams(site))
            await site.answer(dialog, "Добрый день!")
        assert waiting.result()[-1]["text"] == "Добрый день!"


async def _streams(site: Site) -> int:
    return len(site.live._desk.streams._open)


async def test_what_was_missed_comes_first_and_only_that(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.webchat.tape.OVERLAP", timedelta(0))
    visitor, dialog = await begun(site)
    cursor = (await first(visitor, "cursor"))["after"]
    for number in range(3):
        await site.answer(dialog, f"Ответ {number}")
    missed = await visitor.messages(3, cursor)
    assert [one["text"] for one in missed] == ["Ответ 0", "Ответ 1", "Ответ 2"]


async def test_last_event_id_is_as_good(site: Site) -> None:
    visitor, dialog = await begun(site)
    await site.answer(dialog, "Добрый день!")
    shown = await visitor.messages(2)
    again = Visitor(site, {"Last-Event-ID": str(shown[0]["id"])}, visitor.token)
    assert (await again.messages(2))[-1]["text"] == "Добрый день!"


async def test_a_long_absence_is_paged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAGE", 2)
    visitor, dialog = await begun(site)
    for number in range(7):
        await site.answer(dialog, f"Ответ {number}")
    await eventually(lambda: _sent(dialog, 7))
    shown = await visitor.messages(8)
    assert [one["id"] for one in shown] == sorted({one["id"] for one in shown})
    assert shown[-1]["text"] == "Ответ 6"


async def _sent(dialog: int, count: int) -> bool:
    sql = "SELECT count(*) FROM message WHERE dialog_id = $1 AND status = 'sent'"
    return bool(await db.fetchval(sql, dialog) == count)


async def test_an_edit_comes_as_the_same_message(site: Site) -> None:
    visitor, dialog = await begun(site)
    answer = await site.answer(dialog, "Пять рпз")
    await eventually(lambda: _sent(dialog, 1))
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(visitor.messages(3))
        await eventually(lambda: _streams(site))
        await replies.edit(site.manager, message_id=answer, text="Пять роз")
    before, after = (one for one in waiting.result() if one["id"] == answer)
    assert (before["text"], after["text"], after["edited"]) == ("Пять рпз", "Пять роз", True)


async def test_receipts_become_statuses(site: Site) -> None:
    visitor, dialog = await begun(site)
    answer = await site.answer(dialog, "Добрый день!")
    await visitor.messages(2)
    assert (await visitor.post("read", up_to=answer, status="delivered")).status == 204
    assert await message_status(answer) == "delivered"
    assert (await visitor.post("read", up_to=answer)).status == 204
    assert await message_status(answer) == "read"


async def test_nobody_reads_for_another(site: Site) -> None:
    visitor, dialog = await begun(site)
    answer = await site.answer(dialog, "Добрый день!")
    await visitor.messages(2)
    stranger = await site.visitor()
    await stranger.write("Я другой")
    assert (await stranger.post("read", up_to=answer)).status == 204
    assert await message_status(answer) == "sent"


async def test_the_state_says_who_answers(site: Site) -> None:
    visitor = await site.visitor()
    await visitor.write("Здравствуйте")
    states = []
    async with asyncio.timeout(20):
        async for name, data in visitor.events():
            if name == "state":
                states.append(data)
                if len(states) == 2:
                    break
                await site.accept(await site.dialog())
    waiting, taken = states
    assert (waiting["state"], waiting["online"]) == ("waiting", True)
    assert (taken["state"], taken["name"]) == ("open", "Анна")


async def test_typing_passes_both_ways(site: Site) -> None:
    visitor, dialog = await begun(site)
    chat = await db.fetchval("SELECT chat FROM dialog WHERE id = $1", dialog)
    ear = live.ear()
    with ear.subscribe(f"typing:{site.channel}:{chat}") as heard:
        assert (await visitor.post("typing")).status == 204
        async with asyncio.timeout(10):
            assert await heard.get() == ""
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(first(visitor, "typing"))
        await eventually(lambda: _streams(site))
        await site.live.typing(chat)
    assert waiting.result() == {"typing": True}


async def test_another_tab_sees_what_was_written(site: Site) -> None:
    visitor, _ = await begun(site)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(visitor.messages(2))
        await eventually(lambda: _streams(site))
        stored = await visitor.write("Из первой вкладки")
    assert waiting.result()[-1]["uuid"] == stored["uuid"]


async def test_formatting_and_links_travel_as_data(site: Site) -> None:
    visitor, dialog = await begun(site)
    bold = {"type": "bold", "offset": 0, "length": 3}
    await site.answer(dialog, "<b>жир</b>", Reply(entities=[bold]))
    shown = (await visitor.messages(2))[-1]
    assert (shown["text"], shown["entities"]) == ("<b>жир</b>", [bold])


async def test_streams_are_capped_and_freed(site: Site) -> None:
    visitor, _ = await begun(site)
    async with asyncio.timeout(30):
        many = [visitor.events() for _ in range(stream.PER_VISITOR)]
        for one in many:
            await anext(one)
        with pytest.raises(ClientResponseError) as refused:
            await anext(visitor.events())
        assert refused.value.status == 429
        for one in many:
            await one.aclose()
        await wake.notify(live.topic(site.channel, visitor.token.split(".")[0]))
        await eventually(lambda: _stirred_free(site, visitor))


async def _stirred_free(site: Site, visitor: Visitor) -> bool:
    """A stream whose reader has left ends with its next write."""
    await site.live.typing(visitor.token.split(".")[0])
    return not await _streams(site)


async def test_closing_the_account_ends_the_streams(site: Site) -> None:
    visitor, _ = await begun(site)
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(20):
        waiting = tasks.create_task(_until_the_end(visitor))
        await eventually(lambda: _streams(site))
        await site.live.close()
    assert "state" in waiting.result()


async def _until_the_end(visitor: Visitor) -> list[str]:
    return [name async for name, _ in visitor.events()]


async def test_two_hundred_visitors_get_theirs_and_only_theirs(opened: str) -> None:
    async with open_site() as site, asyncio.timeout(120):
        visitors = [await site.visitor() for _ in range(200)]
        for number, visitor in enumerate(visitors):
            await visitor.write(f"Вопрос {number}")
        rows = await db.fetch("SELECT id, chat FROM dialog")
        dialogs = {row["chat"]: row["id"] for row in rows}
        assert len(dialogs) == 200
        for dialog in dialogs.values():
            await site.accept(dialog)
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(visitor.messages(2)) for visitor in visitors]
            await eventually(lambda: _all_open(site, 200), timeout=60)
            for number, visitor in enumerate(visitors):
                await site.answer(dialogs[visitor.token.split(".")[0]], f"Ответ {number}")
        for number, task in enumerate(waiting):
            texts = [one["text"] for one in task.result()]
            assert texts == [f"Вопрос {number}", f"Ответ {number}"]


async def _all_open(site: Site, count: int) -> bool:
    return await _streams(site) == count
