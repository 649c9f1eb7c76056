"""People write and share others in many ways; and everything known of them is found."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.requests import commands
from crm_core.requests.capturing import typed, vcard
from crm_core.requests.knowing import everything, known
from tests import factories, scene
from tests.factories_requests import request

PHONE = "+79123456789"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8 (912) 345-67-89", {"phone": PHONE}),
        ("+7 912 345 67 89 Олег Петров", {"phone": PHONE, "name": "Олег Петров"}),
        ("Олег, 89123456789", {"phone": PHONE, "name": "Олег"}),
        ("9123456789", {"phone": PHONE, "inn": "9123456789"}),
        ("Олег oleg@example.com", {"email": "oleg@example.com", "name": "Олег"}),
        ("@oleg_p Олег", {"username": "oleg_p", "name": "Олег"}),
        ("7707083893", {"inn": "7707083893"}),
        ("ООО Ромашка ИНН 500100732259", {"inn": "500100732259", "name": "ООО Ромашка ИНН"}),
        ("Пётр Иванов", {"name": "Пётр Иванов"}),
        ("6789", {"name": "6789"}),
        ("   ", {}),
    ],
)
def test_what_people_type(text: str, wanted: dict[str, str]) -> None:
    assert typed(text) == wanted


THIRD = """BEGIN:VCARD
VERSION:3.0
N:Петров;Олег;Иванович;;
FN:Олег Петров
ORG:ООО «Ромашка»;Закупки
TEL;TYPE=WORK,VOICE:+7 (912) 345-67-89
EMAIL;TYPE=INTERNET:Oleg@
 Example.com
END:VCARD
BEGIN:VCARD
FN:Другой
END:VCARD"""
SECOND = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=D1=82=D1=80=D0=BE=D0=B2;=D0=9E=D0=BB=
=D0=B5=D0=B3;;;
TEL;CELL:89123456789
END:VCARD"""
FOURTH = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nitem1.FN:Олег\r\nTEL;VALUE=uri:tel:+79123456789\r\nEND:VCARD"
)


@pytest.mark.parametrize(
    ("card", "wanted"),
    [
        (
            THIRD,
            {
                "name": "Олег Петров",
                "company": "ООО «Ромашка»",
                "phone": PHONE,
                "email": "oleg@example.com",
            },
        ),
        (SECOND, {"name": "Олег Петров", "phone": PHONE}),
        (FOURTH, {"name": "Олег", "phone": PHONE}),
        ("", {}),
        ("not a card", {}),
        ("TEL:1\nEMAIL:x\nFN:", {}),
    ],
)
def test_vcards_of_every_version(card: str, wanted: dict[str, str]) -> None:
    assert vcard(card) == wanted


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "text",
    [
        *("8 912 345-67-89", "+7(912)3456789", "79123456789", "345-67-89", "6789"),
        *("oleg@example.com", "@oleg_p", "7707083893", "Олег Петров", "Петров Олег"),
        *("Олек Питров", "Oleg Petrov", "Jktu Gtnhjd", "Ромашка 7707083893"),
    ],
)
async def test_known_by_whatever_is_typed(text: str) -> None:
    made = await clients.create(SYSTEM, name="Олег Петров", phone=PHONE, email="oleg@example.com")
    inn = "ИНН 7707083893"
    await clients.add_contact(SYSTEM, client_id=made.client_id, kind=ContactKind.OTHER, value=inn)
    await db.execute(
        "INSERT INTO identity (channel_id, external_id, client_id, name, username)"
        " VALUES (1, '5', $1, 'Олег', 'oleg_p')",
        made.client_id,
    )
    await clients.create(SYSTEM, name="Игорь Сидоров", phone="+79160000001")
    found = await known(SYSTEM, typed(text))
    assert [one.id for one in found.clients] == [made.client_id]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("text", ["89123456789", "олег петров"])
async def test_people_without_a_card_are_known_by_their_open_requests(text: str) -> None:
    await factories.queue()
    number = await request(PHONE, "Олег Петров")
    assert [one.id for one in (await known(SYSTEM, typed(text))).requests] == [number]
    await commands.close(SYSTEM, request_id=number)
    assert (await known(SYSTEM, typed(text))).requests == ()


@pytest.mark.usefixtures("opened")
async def test_everything_about_a_client() -> None:
    channel = await scene.account()
    anna = await factories.employee()
    await scene.held_by(anna, channel)
    client_id = await db.fetchval("SELECT client_id FROM dialog")
    await clients.add_contact(SYSTEM, client_id=client_id, kind=ContactKind.PHONE, value=PHONE)
    number = await request(PHONE)
    found = await everything(SYSTEM, client_id)
    assert [one.id for one in found.requests] == [number]
    assert len(found.card.dialogs) == 1
    assert found.last_text == "Здравствуйте"
