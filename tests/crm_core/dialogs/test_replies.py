"""Answers: cut, queued, joined into albums, corrected, sent again; each only where it may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio

from crm_core.dialogs import codec, commands, replies
from crm_core.dialogs.messages import Button, Kind
from crm_core.dialogs.replies import FileIn, Reply
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories, scene


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def anna(opened: str) -> AsyncIterator[Actor]:
    """An employee who has dialog 1 of channel 1."""
    channel = await scene.account()
    found = await factories.employee("Анна")
    await scene.held_by(found, channel)
    yield found
    await scene.require_true_loads()


def photo(number: int = 1) -> FileIn:
    sha = f"{number:064x}"
    return FileIn(sha=sha, kind=Kind.PHOTO, name=f"{number}.jpg", mime="image/jpeg", size=10)


async def parts(kind: str = "part") -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT * FROM outbox WHERE kind = $1 ORDER BY id", kind)
    return [dict(row) | {"data": orjson.loads(row["data"])} for row in rows]


async def texts(kind: str = "part") -> list[str]:
    return [part["data"].get("text", "") for part in await parts(kind)]


async def becomes(state: str, *numbers: int) -> None:
    """As the lane would write it: parts, counted from 1, have reached a state."""
    found = await parts()
    for number in numbers:
        external = f"c1:{number}" if state == "sent" else None
        await db.execute(
            "UPDATE outbox SET state = $2, external_id = $3 WHERE id = $1",
            found[number - 1]["id"],
            state,
            external,
        )


async def test_an_answer_is_queued_in_parts_and_order(anna: Actor) -> None:
    text = "слово " * 1500
    message_id = await replies.reply(anna, dialog_id=1, text=text)
    found = await parts()
    assert [part["data"]["key"] for part in found] == [f"m{message_id}:{n}" for n in (0, 1, 2)]
    assert " ".join(await texts()).split() == text.split()
    assert {(part["lane"], part["chat"], part["state"]) for part in found} == {
        ("channel:1", "c1", "queued")
    }
    row = await db.fetchrow("SELECT status, author_id FROM message WHERE id = $1", message_id)
    assert row is not None
    assert tuple(row.values()) == ("queued", anna.id)
    assert await db.fetchval("SELECT unanswered_since FROM dialog") is None
    assert await scene.events("ReplyQueued") == ["ReplyQueued"]


async def test_nothing_is_no_answer(anna: Actor) -> None:
    with pytest.raises(Invalid):
        await replies.reply(anna, dialog_id=1, text="  ")
    assert await parts() == []


async def test_only_who_has_the_dialog_answers(anna: Actor) -> None:
    boris = await factories.employee("Борис", role=Role.OPERATOR)
    head = await factories.employee("Глава", role=Role.HEAD, presence="off")
    with pytest.raises(Forbidden):
        await replies.reply(boris, dialog_id=1, text="x")
    message_id = await replies.reply(head, dialog_id=1, text="x")
    with pytest.raises(Forbidden):
        await replies.edit(boris, message_id=message_id, text="y")
    with pytest.raises(Forbidden):
        await replies.edit(anna, message_id=message_id, text="y")
    with pytest.raises(Forbidden):
        await replies.retry(boris, message_id=message_id)
    await replies.edit(head, message_id=message_id, text="y")


async def test_not_before_accepting_and_not_after_closing(anna: Actor) -> None:
    await commands.close(anna, dialog_id=1)
    with pytest.raises(Conflict, match="closed"):
        await replies.reply(anna, dialog_id=1, text="x")
    waiting = await scene.dialog(1)
    with pytest.raises(Conflict, match="Accept"):
        await replies.reply(anna, dialog_id=waiting, text="x")
    outsider = await factories.employee("Чужой", presence="off")
    await db.execute("DELETE FROM queue_member WHERE employee_id = $1", outsider.id)
    with pytest.raises(Forbidden):
        await replies.reply(outsider, dialog_id=waiting, text="x")
    head = await factories.employee("Глава", role=Role.HEAD, presence="off")
    with pytest.raises(Conflict, match="Accept"):
        await replies.reply(head, dialog_id=waiting, text="x")


async def test_not_to_whom_it_can_not_reach(anna: Actor) -> None:
    await db.execute("UPDATE identity SET reachable = false")
    with pytest.raises(Conflict, match="blocked"):
        await replies.reply(anna, dialog_id=1, text="x")
    await db.execute("UPDATE identity SET reachable = true")
    await db.execute("UPDATE channel SET kind = 'removed'")
    with pytest.raises(Conflict, match="removed"):
        await replies.reply(anna, dialog_id=1, text="x")


async def test_album_pieces_join_while_they_wait(anna: Actor) -> None:
    first = Reply(files=[photo(1)], album="a")
    message_id = await replies.reply(anna, dialog_id=1, extra=first)
    second = Reply(files=[photo(2)], album="a")
    assert await replies.reply(anna, dialog_id=1, text="подпись", extra=second) == message_id
    (part,) = await parts()
    assert [file["name"] for file in part["data"]["files"]] == ["1.jpg", "2.jpg"]
    assert part["data"]["text"] == "подпись"
    assert part["next_at"] > part["created_at"], "it waits for more"
    assert await scene.events("ReplyQueued") == ["ReplyQueued"]


async def test_an_album_that_has_left_takes_no_more(anna: Actor) -> None:
    await replies.reply(anna, dialog_id=1, extra=Reply(files=[photo(1)], album="a"))
    await becomes("sending", 1)
    with pytest.raises(Conflict, match="already left"):
        await replies.reply(anna, dialog_id=1, extra=Reply(files=[photo(2)], album="a"))
    assert await db.fetchval("SELECT count(*) FROM attachment") == 1


async def test_quoting_only_within_the_chat(anna: Actor) -> None:
    own = await db.fetchval("SELECT id FROM message WHERE dialog_id = 1")
    other_dialog = await scene.dialog(1, "c2")
    other = await db.fetchval("SELECT id FROM message WHERE dialog_id = $1", other_dialog)
    await replies.reply(anna, dialog_id=1, text="a", extra=Reply(reply_to=own))
    await replies.reply(anna, dialog_id=1, text="b", extra=Reply(reply_to=other))
    quoted = [part["data"].get("reply_to") for part in await parts()]
    assert quoted[0].startswith("c1:")
    assert quoted[1] is None
    assert await db.fetchval("SELECT reply_to_id FROM message WHERE text = 'b'") is None


async def test_an_edit_before_sending_changes_what_waits(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="было")
    await replies.edit(anna, message_id=message_id, text="стало " * 1000)
    assert " ".join(await texts()).split() == ["стало"] * 1000
    assert len(await parts()) == 2, "it may need more parts now"
    assert await parts("edit") == []
    data = await db.fetchval("SELECT data FROM event WHERE type = 'MessageEdited'")
    assert orjson.loads(data)["before"] == "было"


async def test_an_edit_after_sending_goes_to_the_client(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="было")
    await becomes("sent", 1)
    for text in ("раз", "два"):
        await replies.edit(anna, message_id=message_id, text=text)
    assert await texts("edit") == ["два"], "a newer one replaces what still waits"
    (edit,) = await parts("edit")
    assert edit["data"]["key"] == (await parts())[0]["data"]["key"]


async def test_only_parts_that_changed_are_edited(anna: Actor) -> None:
    head, tail = "начало " * 500, "конец " * 300
    message_id = await replies.reply(anna, dialog_id=1, text=f"{head}\n\n{tail}")
    await becomes("sent", 1, 2)
    await replies.edit(anna, message_id=message_id, text=f"{head}\n\n{tail}!")
    (edited,) = await texts("edit")
    assert edited.endswith("конец !")


async def test_a_part_that_failed_is_sent_again_as_corrected(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="опечтака")
    await becomes("failed", 1)
    await replies.edit(anna, message_id=message_id, text="опечатка")
    assert await parts("edit") == [], "there is nothing at the client's to be changed"
    await replies.retry(anna, message_id=message_id)
    assert await texts() == ["опечатка"]


async def test_an_edit_that_changes_the_number_of_parts_is_refused(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="коротко")
    await becomes("sent", 1)
    with pytest.raises(Conflict, match="too long"):
        await replies.edit(anna, message_id=message_id, text="длинно " * 1000)
    assert await db.fetchval("SELECT text FROM message WHERE id = $1", message_id) == "коротко"


async def test_what_can_not_be_edited(anna: Actor) -> None:
    theirs = await db.fetchval("SELECT id FROM message WHERE direction = 'in'")
    with pytest.raises(NotFound):
        await replies.edit(anna, message_id=theirs, text="x")
    with pytest.raises(NotFound):
        await replies.edit(anna, message_id=777, text="x")
    message_id = await replies.reply(anna, dialog_id=1, text="x")
    with pytest.raises(Invalid):
        await replies.edit(anna, message_id=message_id, text=" ")


async def test_only_the_failed_part_is_sent_again(anna: Actor) -> None:
    message_id = await replies.reply(anna, dialog_id=1, text="слово " * 1500)
    await becomes("sent", 1)
    await becomes("failed", 2)
    await becomes("unknown", 3)
    await db.execute("UPDATE message SET status = 'failed' WHERE id = $1", message_id)
    assert await replies.retry(anna, message_id=message_id) == 2
    assert [part["state"] for part in await parts()] == ["sent", "queued", "queued"]
    assert await db.fetchval("SELECT status FROM message WHERE id = $1", message_id) == "queued"
    assert await replies.retry(anna, message_id=message_id) == 0, "a second press does nothing"


async def test_buttons_travel_with_the_last_part_and_outlive_a_correction(anna: Actor) -> None:
    row = [{"text": "Да", "data": "yes"}, {"text": "Сайт", "url": "https://shop.example/"}]
    extra = Reply.model_validate({"buttons": [row]})
    message_id = await replies.reply(anna, dialog_id=1, text="Подтверждаете?", extra=extra)
    (part,) = await parts()
    loaded = codec.load_part(part["data"])
    expected = (Button(text="Да", data="yes"), Button(text="Сайт", url="https://shop.example/"))
    assert loaded.buttons == (expected,)
    await becomes("sent", 1)
    await replies.edit(anna, message_id=message_id, text="Подтверждаете заказ?")
    (edit,) = await parts("edit")
    assert codec.load_part(edit["data"]).buttons == (expected,)


@pytest.mark.parametrize(
    "button",
    [
        {"text": "Да"},
        {"text": "", "data": "x"},
        {"text": "Да", "data": "я" * 33},
        {"text": "Да", "url": "javascript:alert(1)"},
        {"text": "Очень длинная надпись, которой нет места на кнопке", "data": "x"},
    ],
    ids=["nowhere", "wordless", "long data", "odd link", "long words"],
)
async def test_odd_buttons_are_refused(anna: Actor, button: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="button"):
        Reply.model_validate({"buttons": [[button]]})
    assert await parts() == []
