"""The whole way: a client's mail in, an answer out, its echo and its failure back."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

from crm_core.accounts import commands
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from tests.channels.email.desk import desk
from tests.channels.email.post import Box, letter
from tests.waiting import eventually


async def test_a_mail_its_answer_and_the_answer_to_that_are_one_thread(box: Box) -> None:
    async with desk(box, sender_name="Магазин", signature="Ваш Магазин") as here:
        first = await here.come(letter("Сколько стоит куртка?", Message_ID="<q1@client.test>"))
        assert "Сколько стоит куртка?" in first["text"]
        ours = await here.answer(first["dialog_id"], "Пять тысяч рублей.")
        mail = await here.sent()
        assert mail["To"].addresses[0].addr_spec == "anna@client.test"
        assert mail["From"].addresses[0].display_name == "Магазин"
        assert mail["In-Reply-To"] == "<q1@client.test>"
        body = mail.get_body(("plain",))
        assert body is not None
        assert "Пять тысяч рублей." in body.get_content()
        assert "Ваш Магазин" in body.get_content()
        await here.status(ours, "sent")
        number = str(mail["Message-ID"])
        second = await here.come(
            letter("Беру!", In_Reply_To=number, References=f"<q1@client.test> {number}"), 2
        )
        assert second["dialog_id"] == first["dialog_id"]
        assert second["reply_to_id"] == ours


async def test_a_copy_lies_in_sent_and_is_no_news(box: Box) -> None:
    async with desk(box) as here:
        first = await here.come(letter("Вопрос"))
        await here.answer(first["dialog_id"], "Ответ")
        mail = await here.sent()

        async def copied() -> list[bytes]:
            return box.mail.mails("Sent")

        (copy,) = await eventually(copied)
        assert str(mail["Message-ID"]).encode() in copy
        await here.come(letter("Ещё"), 2)  # another round of collecting has passed
        await commands.switch(SYSTEM, channel_id=here.channel_id, active=False)
        await commands.switch(SYSTEM, channel_id=here.channel_id, active=True)
        await here.come(letter("И ещё"), 3)

        async def seen() -> bool:
            return bool(await db.fetchval("SELECT 1 FROM raw_event WHERE body->>'folder' = 'Sent'"))

        await eventually(seen)
        assert await db.fetchval("SELECT count(*) FROM message WHERE direction = 'out'") == 1


async def test_what_was_written_past_pult_joins_its_dialog(box: Box) -> None:
    async with desk(box) as here:
        first = await here.come(letter("Вопрос", Message_ID="<past@client.test>"))
        raw = letter(
            "Ответ из другой программы",
            From=box.address,
            To="anna@client.test",
            In_Reply_To="<past@client.test>",
        )
        box.mail.deliver(raw, folder="Sent")
        await here.come(letter("Ещё"), 2)

        async def joined() -> bool:
            found = await db.fetchval(
                "SELECT dialog_id FROM message WHERE direction = 'out' AND text LIKE '%другой%'"
            )
            return bool(found == first["dialog_id"])

        await eventually(joined, timeout=60)


async def test_attachments_both_ways_keep_their_bytes(box: Box) -> None:
    content = bytes(range(256)) * 400
    raw = _with_file(content, "счёт №1.pdf")
    async with desk(box) as here:
        first = await here.come(raw)

        async def stored() -> db.Row | None:
            return await db.fetchrow("SELECT * FROM attachment WHERE state = 'stored'")

        found = await eventually(stored)
        assert found is not None
        assert found["name"] == "счёт №1.pdf"
        assert found["sha"] == hashlib.sha256(content).hexdigest()
        assert store().path(found["sha"]).read_bytes() == content
        file = await here.file(content[::-1], "договор.pdf")
        await here.answer(first["dialog_id"], "Договор", files=[file])
        (attached,) = (await here.sent()).iter_attachments()
        assert attached.get_filename() == "договор.pdf"
        assert attached.get_content() == content[::-1]


def _with_file(content: bytes, name: str) -> bytes:
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"] = "anna@client.test", "sales@shop.test"
    found["Subject"], found["Message-ID"] = "Счёт", "<file@client.test>"
    found.set_content("Во вложении счёт")
    found.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return bytes(found)


async def test_a_refused_address_comes_back_to_the_author(box: Box) -> None:
    async with desk(box) as here:
        first = await here.come(letter("Вопрос"))
        here.sink.faults.recipients["anna@client.test"] = ["550 5.1.1 User unknown"]
        ours = await here.answer(first["dialog_id"], "Ответ")
        await here.status(ours, "failed")
        error = await db.fetchval("SELECT error FROM outbox WHERE message_id = $1", ours)
        assert "550 5.1.1 User unknown" in error


async def test_a_lost_answer_is_unknown_and_not_sent_again(box: Box) -> None:
    async with desk(box) as here:
        first = await here.come(letter("Вопрос"))
        here.sink.faults.cut_at = "after_data"
        ours = await here.answer(first["dialog_id"], "Ответ")
        await here.status(ours, "unknown")
        here.sink.faults.cut_at = ""
        await here.answer(first["dialog_id"], "Второй")
        await here.sent(2)
        assert len(here.sink.taken) == 2


async def test_a_bounce_marks_the_message_as_failed(box: Box) -> None:
    async with desk(box) as here:
        first = await here.come(letter("Вопрос"))
        ours = await here.answer(first["dialog_id"], "Ответ")
        number = str((await here.sent())["Message-ID"])
        await here.status(ours, "sent")
        box.mail.deliver(_bounce(box.address, number))
        await here.status(ours, "failed")


def _bounce(address: str, number: str) -> bytes:
    return "\r\n".join(
        (
            "From: MAILER-DAEMON@client.test",
            f"To: {address}",
            "Subject: Undelivered Mail Returned to Sender",
            "Message-ID: <bounce@client.test>",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "MIME-Version: 1.0",
            "Auto-Submitted: auto-replied",
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "Could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; client.test",
            "",
            "Final-Recipient: rfc822; anna@client.test",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {number}",
            "",
            "--b--",
            "",
        )
    ).encode()


async def test_a_password_that_stops_working_is_told_and_mended(box: Box) -> None:
    async with desk(box) as here:
        await here.come(letter("Вопрос"))

        async def broken() -> str:
            told = await db.fetchval("SELECT broken FROM channel WHERE id = $1", here.channel_id)
            return str(told or "")

        async def mended() -> bool:
            return not await broken()

        await here.configure(password="wrong")
        assert "AUTHENTICATIONFAILED" in await eventually(broken)
        box.mail.deliver(letter("Пока не работало"))
        await here.configure()
        await eventually(mended)
        await here.come(letter("Снова работает"), 3)
