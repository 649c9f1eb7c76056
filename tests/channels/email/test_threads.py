"""In which dialog a mail lands: evidence in its order, own mail, reports, loops."""

from __future__ import annotations

from typing import Any

import pytest

from channels.email import threading
from crm_core.kernel import db
from tests import factories
from tests.channels.email.mails import SALES, mail, mailbox

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST = "<first@client.example>"
OTHER = "Пётр <petr@other.example>"


async def chats() -> list[str]:
    return [row["chat"] for row in await db.fetch("SELECT chat FROM dialog ORDER BY id")]


async def messages() -> list[Any]:
    return await db.fetch("SELECT * FROM message ORDER BY id")


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": FIRST},
        {"In_Reply_To": "<unknown@x>", "References": f"{FIRST} <unknown@x>"},
        {"References": f"<unknown@x> {FIRST}", "From": OTHER},
        {"Subject": "Re: Заказ"},
        {"Subject": "На: [#12] заказ"},
        {"Subject": "HA: Отв[2]: Заказ"},
    ],
)
async def test_an_answer_joins_its_thread(opened: str, headers: dict[str, str]) -> None:
    box = await mailbox()
    await box.take(mail(Message_ID=FIRST))
    await box.take(mail("Ещё вопрос", **headers))
    assert len(await chats()) == 1
    assert len(await messages()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},  # the same subject alone joins nothing
        {"Subject": "Re: Другое"},
        {"Subject": "Re: Заказ", "From": OTHER},
        {"In_Reply_To": "<unknown@x>"},
        {"To": "sales+t0123456789abcdef-0123456789@shop.example"},
    ],
)
async def test_anything_less_begins_a_thread(opened: str, headers: dict[str, str]) -> None:
    box = await mailbox()
    await box.take(mail(Message_ID=FIRST))
    await box.take(mail("Ещё вопрос", **headers))
    assert len(await chats()) == 2


async def test_a_signed_address_leads_to_its_thread(opened: str) -> None:
    box = await mailbox()
    await box.take(mail(Message_ID=FIRST))
    [chat] = await chats()
    address = threading.tagged(SALES, "t", chat)
    await box.take(mail("Из телефона", From=OTHER, To="x@y.example", Delivered_To=address.upper()))
    assert await chats() == [chat]


async def test_mails_of_one_batch_find_each_other(opened: str) -> None:
    box = await mailbox()
    answer = mail("Ещё", In_Reply_To=FIRST, Message_ID="<second@client.example>")
    third = mail("И ещё", References="<second@client.example>")
    await box.take(mail(Message_ID=FIRST), answer, third)
    assert len(await chats()) == 1
    row = (await messages())[1]
    assert row["reply_to_id"] == (await messages())[0]["id"]


async def test_the_same_mail_twice_is_one_message(opened: str) -> None:
    box = await mailbox()
    raw = mail(Message_ID=FIRST)
    await box.take(raw)
    await box.take(raw)
    assert len(await messages()) == 1


async def test_another_mail_under_the_same_id_is_not_lost(opened: str) -> None:
    box = await mailbox()
    await box.take(mail("Одно", Message_ID=FIRST), mail("Другое", Message_ID=FIRST))
    await box.take(mail("Третье", Message_ID=FIRST))
    texts = [row["text"] for row in await messages()]
    assert [text.split("\n")[-1] for text in texts] == ["Одно", "Другое", "Третье"]


async def test_a_mail_without_an_id_comes_once(opened: str) -> None:
    box = await mailbox()
    raw = mail("Без номера", Message_ID="")
    await box.take(raw)
    await box.take(raw)
    await box.take(mail("Другое без номера", Message_ID=""))
    assert len(await messages()) == 2


async def test_a_known_address_is_the_known_client(opened: str) -> None:
    """The client was written down by hand; a second one with the address would be ambiguous."""
    await db.execute(
        "INSERT INTO client (id, name, folded, created_at, touched_at)"
        " VALUES (900, 'Иван', 'иван', now(), now())"
    )
    await db.execute(
        "INSERT INTO contact_point (client_id, kind, value)"
        " VALUES (900, 'email', 'ivan@client.example')"
    )
    box = await mailbox()
    await box.take(mail(), mail(From=OTHER))
    clients = [row["client_id"] for row in await messages()]
    assert clients[0] == 900
    assert clients[1] != 900


async def test_what_ours_write_elsewhere_stands_in_the_dialog(opened: str) -> None:
    anna = await factories.employee("Анна")
    await db.execute("UPDATE employee SET email = 'Anna@shop.example' WHERE id = $1", anna.id)
    box = await mailbox()
    await box.take(mail(Message_ID=FIRST))
    await box.take(
        mail(
            "Отвечаю", From="Анна <anna@shop.example>", To="ivan@client.example", In_Reply_To=FIRST
        )
    )
    row = (await messages())[1]
    assert (row["direction"], row["author_id"]) == ("out", anna.id)
    assert len(await chats()) == 1
    names = await db.fetch("SELECT external_id FROM identity")
    assert [one["external_id"] for one in names] == ["ivan@client.example"]


async def test_a_hidden_copy_files_the_mail_under_a_new_client(opened: str) -> None:
    anna = await factories.employee("Анна")
    box = await mailbox()
    personal = threading.tagged(SALES, "e", str(anna.id))
    letter = mail(
        "Предложение", From="anna@home.example", To="new@client.example", Delivered_To=personal
    )
    await box.take(letter)
    [dialog] = await db.fetch(
        "SELECT d.*, c.manager_id FROM dialog d JOIN client c ON c.id = d.client_id"
    )
    assert (dialog["state"], dialog["manager_id"]) == ("closed", anna.id)
    await box.take(mail("Спасибо", From="new@client.example", Subject="Re: Заказ"))
    chats_now = await db.fetch("SELECT DISTINCT chat FROM dialog")
    assert len(chats_now) == 1
    live = await db.fetchval("SELECT client_id FROM dialog WHERE state <> 'closed'")
    assert live == dialog["client_id"]


@pytest.mark.parametrize("sender", [SALES, "info@shop.example", "anna@shop.example"])
async def test_own_addresses_never_become_clients(opened: str, sender: str) -> None:
    anna = await factories.employee("Анна")
    await db.execute("UPDATE employee SET email = 'anna@shop.example' WHERE id = $1", anna.id)
    box = await mailbox()
    await box.take(mail("Самим себе", From=sender, To="info@shop.example, sales@shop.example"))
    assert not await messages()
    assert not await db.fetch("SELECT 1 FROM identity")
    assert await db.fetchval("SELECT state FROM raw_event") == "done"


async def test_another_mailbox_of_ours_is_ours(opened: str) -> None:
    box = await mailbox()
    await mailbox("Вторая", address="support@shop.example", aliases="")
    await box.take(mail("Переслали", From="support@shop.example"))
    assert not await messages()


async def test_a_mail_without_a_sender_is_kept_as_failed(opened: str) -> None:
    box = await mailbox()
    await box.take(mail(From=""))
    row = await db.fetchrow("SELECT state, error FROM raw_event")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed", "ValueError: the mail names no sender")
