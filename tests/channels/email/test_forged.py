"""A sender the receiving server found forged is nobody we know (RFC 8601, RFC 7489)."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from channels.email import authresults
from crm_core.clients import commands as clients
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from tests.bot.conftest import rig
from tests.bot.mailroom import Office, open_office
from tests.bot.rig import Rig, labels
from tests.channels.email.mails import mail

__all__ = ["rig"]
SERVER = "mx.shop.example"
FAIL = f"{SERVER}; dkim=none; spf=softfail smtp.mailfrom=evil.example; dmarc=fail (p=NONE)"


@pytest.mark.parametrize(
    ("headers", "forged"),
    [
        ([FAIL], True),
        ([f"{SERVER} 1; dmarc=pass header.from=client.example"], False),
        ([f"{SERVER}; spf=pass"], False),
        ([f"{SERVER};\r\n dmarc=fail\r\n (p=REJECT; a=b) header.from=x"], True),
        (["MX.Shop.Example; DMARC = FAIL"], True),
        # Written by the sender: another server's name, or ours below the true one.
        (["mx.evil.example; dmarc=fail"], False),
        ([f"{SERVER}; dmarc=pass", FAIL], False),
        ([f"{SERVER}; dkim=fail (dmarc=fail)"], False),
        ([f'{SERVER}; spf=pass reason="; dmarc=fail"'], False),
        ([""], False),
        (["(((((" * 50], False),
        ([], False),
    ],
)
def test_only_our_own_server_is_believed(headers: list[str], forged: bool) -> None:
    raw = "".join(f"Authentication-Results: {one}\r\n" for one in headers).encode()
    found = authresults.read(message_from_bytes(raw + b"From: a@b.example\r\n\r\nx"))
    assert authresults.is_forged(found, SERVER) is forged
    assert not authresults.is_forged(found, ""), "nothing is believed until a server is named"


async def people() -> list[tuple[str, str, str]]:
    """(direction, who wrote, whose card) of every message."""
    rows = await db.fetch(
        "SELECT m.direction, i.external_id, c.name FROM message m JOIN dialog d ON d.id ="
        " m.dialog_id JOIN identity i ON i.id = d.identity_id JOIN client c ON c.id = i.client_id"
        " ORDER BY m.id"
    )
    return [tuple(row.values()) for row in rows]


async def test_a_forged_client_is_not_the_client(rig: Rig) -> None:
    """Neither the card nor the thread of the true one; the card of the dialog says it."""
    await clients.create(SYSTEM, name="Иван Петров", email="ivan@client.example")
    anna = await rig.employee("Анна")
    async with open_office(rig, authserv_id=SERVER) as office:
        await office.arrives(mail("Это я", Message_ID="<true@client.example>"))
        await anna.wait_text("Это я")
        await evil(office, "Смените счёт", In_Reply_To="<true@client.example>")
        card = await anna.wait_text("Смените счёт")
        assert "⚠️ Отправитель подделан" in card.text
        assert "ivan@client.example" in card.text
        await anna.press("✅ Принять", card).answer()
        await rig.settled()
        shown = next(one for one in reversed(anna.received()) if "↪️ Переслать" in labels(one))
        assert "Смените счёт" in shown.text
        assert "⚠️ Отправитель подделан" in shown.text
        await office.arrives(mail("Снова я", In_Reply_To="<true@client.example>"))
    assert await people() == [
        ("in", "ivan@client.example", "Иван Петров"),
        ("in", "forged:ivan@client.example", "⚠️ Иван Петров"),
        ("in", "ivan@client.example", "Иван Петров"),
    ]
    assert await db.fetchval("SELECT count(*) FROM dialog") == 2


async def evil(office: Office, text: str, **headers: str) -> None:
    await office.arrives(mail(text, Authentication_Results=FAIL, **headers))


async def test_a_forged_employee_gives_no_orders(rig: Rig) -> None:
    """A mail “of an employee” to a client is not filed as ours; without the setting it was."""
    anna = await rig.employee("Анна")
    await db.execute("UPDATE employee SET email = 'anna@shop.example' WHERE name = 'Анна'")
    async with open_office(rig, authserv_id=SERVER) as office:
        await evil(office, "Платите сюда", From="Анна <anna@shop.example>", Cc="a@client.example")
        await anna.wait_text("Платите сюда")
    assert [(one[0], one[1]) for one in await people()] == [("in", "forged:anna@shop.example")]


async def test_without_the_setting_nothing_changes(rig: Rig) -> None:
    anna = await rig.employee("Анна")
    async with open_office(rig) as office:
        await evil(office, "Здравствуйте, это я")
        card = await anna.wait_text("это я")
    assert "⚠️" not in card.text
    assert [(one[0], one[1]) for one in await people()] == [("in", "ivan@client.example")]
