"""Mails handed in from another mail program: forwarded or by hidden copy (MAIL-09)."""

from __future__ import annotations

from typing import Any

import pytest

from channels.email import threading
from crm_core.kernel import db
from crm_core.kernel.actors import Actor
from tests import factories
from tests.channels.email.mails import SALES, Mailbox, mail, mailbox

ANNA = "Анна <anna@shop.example>"
FIRST = "<first@client.example>"
GMAIL = """Посмотри, пожалуйста.

---------- Forwarded message ---------
От: Иван Петров <ivan@client.example>
Date: пт, 15 нояб. 2024 г. в 10:15
Subject: Заказ
To: <anna@shop.example>

Нужно 5 штук.
"""
OUTLOOK = """От: Иван Петров <ivan@client.example>
Отправлено: 15 ноября 2024 г. 10:15
Кому: Анна <anna@shop.example>
Тема: Заказ

Нужно 5 штук.
"""
THE_BAT = """===8<==============Исходное сообщение==============
От: Иван Петров <ivan@client.example>
Кому: anna@shop.example <anna@shop.example>
Дата: пятница, 15 ноября 2024 г., 10:15:15
Тема: Заказ

Нужно 5 штук.
"""
YANDEX = """-------- Пересылаемое сообщение --------
15.11.2024, 10:15, ivan@client.example:

Нужно 5 штук.
-------- Конец пересылаемого сообщения --------
"""


async def employee() -> Actor:
    anna = await factories.employee("Анна")
    await db.execute("UPDATE employee SET email = 'anna@shop.example' WHERE id = $1", anna.id)
    return anna


async def only_message() -> Any:
    [row] = await db.fetch(
        "SELECT m.*, i.external_id AS person FROM message m JOIN dialog d ON d.id = m.dialog_id"
        " JOIN identity i ON i.id = d.identity_id"
    )
    return row


@pytest.mark.parametrize("text", [GMAIL, OUTLOOK, THE_BAT])
async def test_a_forwarded_mail_is_the_clients(opened: str, text: str) -> None:
    await employee()
    box = await mailbox()
    await box.take(mail(text, From=ANNA, Subject="Fwd: Заказ"))
    row = await only_message()
    assert (row["direction"], row["person"]) == ("in", "ivan@client.example")
    assert row["text"] == "Заказ\n\nНужно 5 штук."
    names = await db.fetch("SELECT name FROM client")
    assert [one["name"] for one in names] == ["Иван Петров"]


async def test_a_mail_passed_on_as_a_file_keeps_thread_and_files(opened: str) -> None:
    await employee()
    box = await mailbox()
    await box.take(mail("Первое", Message_ID=FIRST, Subject="Доставка"))
    inner = mail(
        "Второе",
        Subject="Совсем другое",
        In_Reply_To=FIRST,
        Message_ID="<second@client.example>",
        files=[("план.pdf", "application/pdf", b"%PDF")],
    )
    carrier = mail("см.", From=ANNA, Subject="Fwd: письмо", files=[])
    await box.take(with_mail(carrier, inner))
    rows = await db.fetch("SELECT text, direction FROM message ORDER BY id")
    assert [row["text"] for row in rows] == ["Доставка\n\nПервое", "Совсем другое\n\nВторое"]
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1
    file = await db.fetchrow("SELECT name, ref FROM attachment")
    assert file is not None
    assert file["name"] == "план.pdf"
    assert "!" in file["ref"]
    # The same mail, now by itself, is known already.
    await box.take(inner)
    assert await db.fetchval("SELECT count(*) FROM message") == 2
    await box.take(with_mail(carrier.replace(b"<m", b"<again"), inner))
    assert await db.fetchval("SELECT count(*) FROM message") == 2


def with_mail(carrier: bytes, inner: bytes) -> bytes:
    import email
    import email.policy
    from email.message import EmailMessage

    outer = email.message_from_bytes(carrier, policy=email.policy.SMTP)
    attached = email.message_from_bytes(inner, policy=email.policy.SMTP)
    assert isinstance(outer, EmailMessage)
    outer.add_attachment(attached)
    return outer.as_bytes()


async def test_a_private_address_is_known_by_the_personal_tag(opened: str) -> None:
    """Forwarded from home: the signed address says whose it is, and a forged one says nothing."""
    anna = await employee()
    box = await mailbox()
    tagged = threading.tagged(SALES, "e", str(anna.id))
    await box.take(mail(GMAIL, From="anna@home.example", Subject="Fwd: Заказ", To=tagged))
    assert (await only_message())["person"] == "ivan@client.example"
    forged = tagged.replace("+e1-", "+e2-")
    await box.take(mail(GMAIL, From="bad@home.example", Subject="Fwd: Заказ", To=forged))
    people = await db.fetch("SELECT external_id FROM identity ORDER BY id")
    assert [one["external_id"] for one in people] == ["ivan@client.example", "bad@home.example"]


async def test_a_hidden_copy_lands_in_the_thread(opened: str) -> None:
    anna = await employee()
    box = await mailbox()
    await box.take(mail("Сколько?", Message_ID=FIRST))
    copy = mail("500", From=ANNA, To="ivan@client.example", In_Reply_To=FIRST, Delivered_To=SALES)
    await box.take(copy)
    rows = await db.fetch("SELECT direction, author_id FROM message ORDER BY id")
    assert [(row["direction"], row["author_id"]) for row in rows] == [
        ("in", None),
        ("out", anna.id),
    ]
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1
    assert await db.fetchval("SELECT unanswered_since FROM dialog") is None


async def test_own_mail_passed_on_is_ours_to_the_client(opened: str) -> None:
    await employee()
    box = await mailbox()
    text = GMAIL.replace("Иван Петров <ivan@client.example>", ANNA).replace(
        "<anna@shop.example>\n\n", "<ivan@client.example>\n\n"
    )
    await box.take(mail(text, From=ANNA, Subject="Fwd: Заказ"))
    row = await only_message()
    assert (row["direction"], row["person"]) == ("out", "ivan@client.example")


async def test_a_clients_forward_is_the_clients_own_mail(opened: str) -> None:
    await employee()
    box: Mailbox = await mailbox()
    await box.take(mail(GMAIL, From="petr@client.example", Subject="Fwd: Заказ"))
    row = await only_message()
    assert row["person"] == "petr@client.example"
    assert "Нужно 5 штук." in row["text"]
