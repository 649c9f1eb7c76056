"""Answers as mails: addressees, subject, thread, text and HTML, files; and what came back."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson
import pytest

from channels.email import ids, render
from channels.email.config import Config
from crm_core.dialogs import codec, commands, replies
from crm_core.dialogs.messages import Kind, OutFile
from crm_core.files.store import store
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Role
from routing.contracts import Rejected, Sent
from routing.lanes import OutRow
from routing.outbound import outcomes
from tests import factories
from tests.channels.email.mails import CONFIG, SALES, Mailbox, mail, mailbox

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST = "<first@client.example>"
SETTINGS = Config.model_validate(CONFIG | {"sender_name": "Магазин", "signature": "Анна\n+7 999"})
ROW = "SELECT id, lane, chat, kind, data, message_id, merge_key, attempts, created_at FROM outbox"


async def answer(box: Mailbox, text: str = "Добрый день!", **mail_extra: Any) -> EmailMessage:
    """What leaves when the manager answers the only dialog; it counts as sent."""
    message = await composed(box, text, extra={"mail": mail_extra} if mail_extra else {})
    row = await db.fetchrow(f"{ROW} WHERE state = 'queued' ORDER BY id DESC LIMIT 1")
    assert row is not None
    await db.execute("UPDATE outbox SET state = 'sending' WHERE id = $1", row["id"])
    out = OutRow(**dict(row) | {"data": orjson.loads(row["data"])})
    await outcomes.sent([out], Sent((ids.external(str(message["Message-ID"])),)))
    return message


async def composed(box: Mailbox, text: str, *, extra: dict[str, Any], **rest: Any) -> EmailMessage:
    dialog = await db.fetchrow("SELECT * FROM dialog ORDER BY id DESC LIMIT 1")
    assert dialog is not None
    anna = await factories.employee("Анна", role=Role.HEAD)
    if dialog["state"] == "waiting":
        await commands.accept(anna, dialog_id=dialog["id"])
    await db.execute("UPDATE dialog SET assignee_id = $1", anna.id)
    reply = replies.Reply(extra=extra, **rest)
    await replies.reply(anna, dialog_id=dialog["id"], text=text, extra=reply)
    row = await db.fetchrow("SELECT data FROM outbox WHERE kind = 'part' ORDER BY id DESC LIMIT 1")
    assert row is not None
    part = codec.load_part(orjson.loads(row["data"]))
    return await render.compose(SETTINGS, box.id, dialog["chat"], part)


def again(message: EmailMessage) -> EmailMessage:
    """As the other side reads it."""
    raw = message.as_bytes(policy=email.policy.SMTP)
    assert raw.isascii()
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r", "")


async def test_an_answer_stands_in_its_thread(opened: str) -> None:
    box = await mailbox()
    await box.take(mail("Сколько стоит?", Message_ID=FIRST, References="<zero@client.example>"))
    sent = again(await answer(box, "500 ₽"))
    assert sent["From"] == "Магазин <sales@shop.example>"
    assert sent["To"] == "Иван Петров <ivan@client.example>"
    assert sent["Subject"] == "Re: Заказ"
    assert sent["In-Reply-To"] == FIRST
    assert sent["References"] == f"<zero@client.example> {FIRST}"
    text = plain(sent)
    assert text.startswith("500 ₽\n\n-- \nАнна\n+7 999\n\n15.11.2024, 07:15")
    assert text.endswith(":\n> Сколько стоит?\n")
    await box.take(mail("Беру", In_Reply_To=str(sent["Message-ID"]), Subject="Другая тема"))
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1
    assert await db.fetchval("SELECT count(*) FROM message") == 3


async def test_the_same_part_has_the_same_id(opened: str) -> None:
    box = await mailbox()
    await box.take(mail())
    dialog = await db.fetchrow("SELECT chat FROM dialog")
    assert dialog is not None
    first = await composed(box, "Да", extra={})
    row = await db.fetchval("SELECT data FROM outbox WHERE kind = 'part'")
    second = await render.compose(
        SETTINGS, box.id, dialog["chat"], codec.load_part(orjson.loads(row))
    )
    assert first["Message-ID"] == second["Message-ID"]
    assert ids.ours(str(first["Message-ID"]), box.id)


async def test_what_we_sent_is_not_news_when_it_comes_back(opened: str) -> None:
    """From the Sent folder, by a list or a forwarding rule: never a message, never a client."""
    box = await mailbox()
    await box.take(mail())
    sent = (await answer(box)).as_bytes()
    await box.take(sent, sent=True)
    await box.take(sent, sent=True, folder="Отправленные")
    await box.take(sent)
    assert await db.fetchval("SELECT count(*) FROM message") == 2
    assert await db.fetchval("SELECT count(*) FROM identity") == 1


async def test_a_copy_in_sent_settles_an_unknown_outcome(opened: str) -> None:
    box = await mailbox()
    await box.take(mail())
    message = await composed(box, "Дошло?", extra={})
    await db.execute("UPDATE outbox SET state = 'unknown' WHERE kind = 'part'")
    await box.take(message.as_bytes(), sent=True)
    assert await db.fetchval("SELECT state FROM outbox WHERE kind = 'part'") == "sent"
    assert await db.fetchval("SELECT count(*) FROM message") == 2


async def test_reply_to_all_and_forward_name_their_people(opened: str) -> None:
    box = await mailbox()
    await box.take(mail(Reply_To="boss@client.example", Cc="accounts@client.example"))
    plain_answer = await answer(box)
    assert plain_answer["To"] == "boss@client.example"
    assert plain_answer["Cc"] is None
    to_all = await answer(box, to=["boss@client.example"], cc=["accounts@client.example"])
    assert to_all["Cc"] == "accounts@client.example"
    forward = await answer(
        box, "Смотрите", to=["depot@shop2.example"], subject="Fwd: Заказ", forward=True
    )
    assert forward["To"] == "depot@shop2.example"
    assert forward["In-Reply-To"] is None
    assert "ivan@client.example" not in plain(again(forward))


async def test_nobody_to_write_to_is_said(opened: str) -> None:
    box = await mailbox()
    await box.take(mail(Reply_To=SALES))
    await answer(box)  # a Reply-To that leads to ourselves is passed by
    with pytest.raises(Rejected):
        await answer(box, to=["никому"])
    with pytest.raises(Rejected):
        await answer(box, to=[SALES, "info@shop.example"])


async def test_line_breaks_in_fields_make_no_headers(opened: str) -> None:
    box = await mailbox()
    await box.take(mail())
    sent = again(await answer(box, subject="Счёт\r\nBcc: all@victims.example"))
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Счёт Bcc: all@victims.example"


async def test_formatting_and_files_arrive(opened: str, tmp_path: Path) -> None:
    box = await mailbox()
    await box.take(mail())
    text = "Цена 🙂 <тут>: 500"
    bold = {"type": "bold", "offset": 0, "length": 4}
    link = {"type": "text_link", "offset": 8, "length": 5, "url": "https://shop.example/?a=1&b=2"}
    message = await composed(box, text, extra={}, entities=[bold, link])
    html = again(message).get_body(("html",))
    assert isinstance(html, EmailMessage)
    shown = html.get_content()
    assert "<b>Цена</b> 🙂 " in shown
    assert '<a href="https://shop.example/?a=1&amp;b=2">&lt;тут&gt;</a>' in shown
    path = tmp_path / "file"
    path.write_bytes(b"\x00\xff" * 1000)
    files = [
        OutFile(kind=Kind.DOCUMENT, path=str(path), name=name, mime=mime, size=2000)
        for name, mime in (("Счёт № 5.pdf", "application/pdf"), ("../a\r\nb", "?"))
    ]
    made = render.Letter(
        id="<a@b>", key="k", at=clock.now(), sender=("", SALES), to=(("", "a@b.ru"),)
    )
    found = list(again(render.build(made, files)).iter_attachments())
    assert [one.get_filename() for one in found] == ["Счёт № 5.pdf", "ab"]
    assert [one.get_content() for one in found] == [b"\x00\xff" * 1000] * 2


async def test_a_mail_through_the_outbox_keeps_its_files_together(opened: str) -> None:
    """A photo and a document are one mail."""
    box = await mailbox()
    await box.take(mail())

    async def content() -> Any:
        yield b"abc"

    kept = await store().put(content(), limit=100)
    file = {"sha": kept.sha, "name": "a", "size": 3}
    both = [
        file | {"kind": "photo", "mime": "image/png"},
        file | {"kind": "document", "mime": "a/b"},
    ]
    anna = await factories.employee("Анна", role=Role.HEAD)
    dialog_id = await db.fetchval("SELECT id FROM dialog")
    await commands.accept(anna, dialog_id=dialog_id)
    extra = replies.Reply.model_validate({"files": both, "extra": {"mail": {"subject": "Фото"}}})
    await replies.reply(anna, dialog_id=dialog_id, text="Вот", extra=extra)
    [row] = await db.fetch("SELECT data FROM outbox WHERE kind = 'part'")
    part = codec.load_part(orjson.loads(row["data"]))
    assert len(part.files) == 2
    assert part.extra == {"mail": {"subject": "Фото"}}
    assert part.text == "Вот"
