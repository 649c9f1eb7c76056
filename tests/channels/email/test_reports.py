"""News about our mail (RFC 3464, RFC 8098), and mail no person wrote (RFC 3834)."""

from __future__ import annotations

from typing import Any

import pytest

from channels.email import mime
from channels.email.parse import parse
from crm_core.dialogs.messages import InboundFailure, InboundReceipt
from crm_core.kernel import db
from tests import factories
from tests.channels.email.mails import mail, mailbox

OURS = "pult.1.0123456789abcdef01234567@shop.example"
DAEMON = "Mail Delivery System <mailer-daemon@mx.client.example>"
RETURNED = f"Message-ID: <{OURS}>\nFrom: sales@shop.example\nSubject: Re: order\n"


def report(
    kind: str, fields: str, *, returned: str = RETURNED, form: str = "text/rfc822-headers"
) -> bytes:
    """A multipart/report with its three parts."""
    report_type = "disposition-notification" if "disposition" in kind else "delivery-status"
    text = f"""From: {DAEMON}
To: sales@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <report@mx.client.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

This is the mail system. 550 5.1.1 <ivan@client.example>: no such user

--b
Content-Type: {kind}

{fields}
--b
Content-Type: {form}

{returned}
--b--
"""
    return text.replace("\n", "\r\n").encode()


def status(action: str, code: str = "5.1.1") -> str:
    return (
        "Reporting-MTA: dns; mx.client.example\n\n"
        f"Final-Recipient: rfc822; ivan@client.example\nAction: {action}\nStatus: {code}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such\n user here\n"
    )


STATUS = "message/delivery-status"
QMAIL = mail(
    f"Hi. This is the qmail-send program.\nivan@client.example: 550 5.1.1 unknown\n\n{RETURNED}",
    From=DAEMON,
    Subject="failure notice",
)
EXIM = mail(f"550 no\n{RETURNED}", From=DAEMON, X_Failed_Recipients="ivan@client.example")
RUSSIAN = mail(
    f"Ваше письмо не доставлено: 550 5.7.1 спам\n\n{RETURNED}",
    From="MAILER-DAEMON@mail.example",
    Subject="Недоставленное сообщение",
)
READ = (
    "Final-Recipient: rfc822; ivan@client.example\nOriginal-Message-ID: <{0}>\n"
    "Disposition: manual-action/MDN-sent-manually; {1}\n"
)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (report(STATUS, status("failed")), "failed"),
        (report(STATUS, status("failed"), form="message/rfc822"), "failed"),
        (report(STATUS, status("failed"), returned="nothing", form="text/plain"), "failed"),
        (report(STATUS, status("delivered", "2.0.0")), "delivered"),
        (report(STATUS, status("delayed", "4.4.1")), "delayed"),
        (report(STATUS, "Status: 4.2.2"), "delayed"),
        (report(STATUS, "Status: 5.2.2"), "failed"),
        (report("message/disposition-notification", READ.format(OURS, "displayed")), "read"),
        (report("message/disposition-notification", READ.format(OURS, "deleted")), "deleted"),
        (QMAIL, "failed"),
        (EXIM, "failed"),
        (RUSSIAN, "failed"),
    ],
)
def test_a_report_says_what_became_of_the_mail(raw: bytes, what: str) -> None:
    told = mime.digest(raw, frozenset())["bounce"]
    assert told["what"] == what
    if "nothing" not in raw.decode():
        assert told["ids"][0] == OURS


def test_the_reason_is_the_servers_own_words() -> None:
    told = mime.digest(report(STATUS, status("failed")), frozenset())["bounce"]
    assert told["reason"] == "550 5.1.1 no such user here"
    assert told["to"] == ["ivan@client.example"]
    assert mime.digest(QMAIL, frozenset())["bounce"]["reason"].startswith(
        "ivan@client.example: 550"
    )


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "auto-replied (vacation)"}, "auto-replied (vacation)"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Unsubscribe": "<mailto:a@b.ru>"}, "list"),
        ({"X_Autoreply": "yes"}, "auto-replied"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"From": "no-reply@bank.example"}, "robot"),
        ({"X_Auto_Response_Suppress": "All"}, ""),  # Outlook writes it into mails of people, too
    ],
)
def test_mail_of_programs_is_known(headers: dict[str, str], reason: str) -> None:
    assert mime.digest(mail(**headers), frozenset())["auto"] == reason


async def sent_mail(opened: str) -> Any:
    """A mailbox from which one answer has left."""
    box = await mailbox()
    await box.take(mail())
    row = await db.fetchrow("SELECT * FROM dialog")
    assert row is not None
    message_id = await db.fetchval(
        "INSERT INTO message (dialog_id, client_id, direction, kind, text, status, at, created_at)"
        " VALUES ($1, $2, 'out', 'text', 'Да', 'sent', now(), now()) RETURNING id",
        row["id"],
        row["client_id"],
    )
    await db.execute(
        "INSERT INTO message_ref (channel_id, external_id, message_id) VALUES ($1, $2, $3)",
        box.id,
        OURS,
        message_id,
    )
    return box


async def test_a_bounce_is_a_failure_of_the_answer(opened: str) -> None:
    box = await sent_mail(opened)
    [failure] = await box.read(report(STATUS, status("failed")))
    assert isinstance(failure, InboundFailure)
    assert failure.external_id == OURS
    assert failure.reason == "ivan@client.example: 550 5.1.1 no such user here"
    assert failure.chat == await db.fetchval("SELECT chat FROM dialog")


async def test_receipts_are_of_this_one_mail(opened: str) -> None:
    box = await sent_mail(opened)
    for raw, state in (
        (report(STATUS, status("delivered", "2.0.0")), "delivered"),
        (report("message/disposition-notification", READ.format(OURS, "displayed")), "read"),
    ):
        [receipt] = await box.read(raw)
        assert isinstance(receipt, InboundReceipt)
        assert (receipt.status, receipt.only, receipt.external_id) == (state, True, OURS)
    assert not await box.read(report(STATUS, status("delayed", "4.4.1")))


async def test_reports_about_others_mail_concern_nobody(opened: str) -> None:
    """Backscatter: spam was sent in our name."""
    box = await mailbox()
    await box.take(report(STATUS, status("failed")), QMAIL, EXIM)
    assert not await db.fetch("SELECT 1 FROM message")
    assert not await db.fetch("SELECT 1 FROM identity")
    assert await db.fetchval("SELECT count(*) FROM raw_event WHERE state = 'done'") == 3


async def test_mail_of_programs_is_shown_and_never_answered(opened: str) -> None:
    """Ten rounds of an out-of-office machine make ten messages, and nothing leaves."""
    await factories.employee("Анна")
    box = await mailbox()
    for number in range(10):
        await box.take(mail(f"Я в отпуске {number}", Auto_Submitted="auto-replied"))
    assert await db.fetchval("SELECT count(*) FROM message WHERE direction = 'in'") == 10
    assert await db.fetchval("SELECT count(*) FROM outbox WHERE lane LIKE 'channel:%'") == 0
    extra = await db.fetchval("SELECT extra->'mail'->>'auto' FROM message LIMIT 1")
    assert extra == "auto-replied"


def test_a_body_that_could_not_be_read_is_read_at_replay() -> None:
    import base64

    eml = base64.b64encode(mail("Позже", Message_ID="<late@client.example>")).decode()
    body = {"own": ["sales@shop.example"], "fault": "x", "eml": eml, "raw": "a" * 64}
    [event] = parse(body)
    assert event.text == "Заказ\n\nПозже"  # type: ignore[union-attr] # it is a message
    assert parse({"skipped": "older than the day chosen"}) == []
