"""What services send, as leads: nothing of worth is left behind, nothing odd does harm."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.leads import calls, forms, jivosite, roistat
from channels.leads.body import LeadBody
from channels.leads.config import Config
from channels.leads.decode import decode
from channels.leads.parse import READERS, parse
from crm_core.dialogs.messages import InboundLead
from routing.contracts import HookRequest
from tests.channels.leads import payloads

CAME = datetime(2026, 11, 20, 12, tzinfo=UTC)


def lead(service: str, data: dict[str, Any]) -> InboundLead:
    reader = READERS[service]  # type: ignore[index]  # a name of the table
    body = LeadBody.model_validate(
        {"service": service, "source": "И", "id": reader.key(data), "at": CAME, "data": data}
    )
    (found,) = parse(body.model_dump(mode="json"))
    assert isinstance(found, InboundLead)
    return found


def call(body: bytes, kind: str = "", query: dict[str, str] | None = None) -> dict[str, Any]:
    headers = {"content-type": kind} if kind else {}
    return decode(HookRequest(method="POST", headers=headers, query=query or {}, body=body))


def test_jivosite_chat() -> None:
    found = lead("jivosite", payloads.jivosite())
    assert found.external_id == "chat:7507"
    assert found.sender is not None
    assert (found.sender.name, found.sender.phone) == ("Олег Петров", "8 912 345-67-89")
    assert found.text == "— Есть розы?\n✓ Есть"
    assert found.campaign == {
        "utm_source": "yandex",
        "utm_campaign": "vesna",
        "utm_term": "розы",
    }
    assert (found.page, found.visit) == ("https://shop.example/roses", "7507")
    assert found.fields == {"City": "Тверь", "Agent": "Ирина", "Note": "Просит опт"}


def test_jivosite_left_message_and_call_are_leads_of_their_own() -> None:
    left = payloads.jivosite("offline_message", offline_message_id="41", message="Перезвоните")
    assert (lead("jivosite", left).external_id, lead("jivosite", left).text) == (
        "offline_message:41",
        "Перезвоните",
    )
    ring = {"type": "callback", "phone": "+79990000001", "status": "end", "record_url": "https://r"}
    rung = lead("jivosite", payloads.jivosite("call_event", call=ring, visitor={}))
    assert rung.sender is not None
    assert (rung.sender.phone, rung.recording) == ("+79990000001", "https://r")


def test_jivosite_old_marks() -> None:
    session = {"utm": "utm_source=ya|utm_term=розы"}
    found = lead("jivosite", payloads.jivosite(session=session))
    assert found.campaign == {"utm_source": "ya", "utm_term": "розы"}


def test_roistat() -> None:
    found = lead("roistat", payloads.roistat())
    assert (found.external_id, found.visit) == ("345", "100501")
    assert found.campaign == {"utm_source": "yandex", "marker": "direct7_search"}
    assert (found.subject, found.text) == ("Заявка с формы «Розы»", "Сто роз к пятнице")
    assert found.page == "https://shop.example/roses"
    assert found.fields == {"Доставка": "Тверь"}
    assert found.at == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert "data_" in lead("roistat", payloads.roistat(data="не JSON")).fields


@pytest.mark.parametrize("service", ["uis", "comagic"])
def test_uis_and_comagic(service: str) -> None:
    found = lead(service, payloads.call(record_link="https://uis.example/1.mp3"))
    assert (found.external_id, found.subject) == ("99812", "Call")
    assert found.sender is not None
    assert (found.sender.phone, found.sender.email) == ("+79123456789", None)
    assert found.campaign == {
        "utm_source": "yandex",
        "utm_campaign": "vesna",
        "name": "Яндекс Директ",
    }
    assert found.recording == "https://uis.example/1.mp3"
    assert found.fields["Number called"] == "74951234567"
    assert (found.visit, found.at.hour) == ("77001", 10)
    missed = payloads.call(notification_mnemonic="lost_call")
    assert lead(service, missed).subject == "Missed call"
    wish = payloads.call(communication_type="offline_message", message="Перезвоните")
    assert lead(service, wish).subject == "Application from the website"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"your-name": "Олег", "your_phone": "1"}, {"name": "Олег", "phone": "1"}),
        (
            {"Имя": "Олег", "Телефон": "1", "Почта": "a"},
            {"name": "Олег", "phone": "1", "email": "a"},
        ),
        ({"form[fio]": "Олег", "form[tel]": "1"}, {"name": "Олег", "phone": "1"}),
        ({"Ваше имя": "Олег", "Ваш телефон": "1"}, {"name": "Олег", "phone": "1"}),
        ({"E-mail": "a", "Вопрос": "?"}, {"email": "a", "message": "?"}),
        ({"phone": "", "tel": "1"}, {"phone": "1"}),
        ({"цвет": "красный"}, {}),
    ],
)
def test_fields_of_forms_by_their_usual_names(given: dict[str, str], wanted: Any) -> None:
    assert forms.sorted_out(given) == wanted


def test_a_form() -> None:
    given = {
        "name": "Олег",
        "phone": "89123456789",
        "utm_source": "ya",
        "roistat_visit": "55",
        "_ym_uid": "1690",
        "Цвет": "красный",
        "_id": "a1",
        "formname": "Заказ букета",
    }
    found = lead("form", given)
    assert (found.external_id, found.subject, found.visit) == ("id:a1", "Заказ букета", "55")
    assert found.campaign == {"utm_source": "ya", "_ym_uid": "1690"}
    assert found.fields == {"Цвет": "красный"}


def test_the_same_contents_are_the_same_form() -> None:
    assert forms.key({"a": "1", "b": "2"}) == forms.key({"b": "2", "a": "1"})
    assert forms.key({"a": "1"}) != forms.key({"a": "2"})


def test_bodies_in_every_packing() -> None:
    wanted = {"name": "Олег", "phone": "+7 912"}
    urlencoded = b"name=%D0%9E%D0%BB%D0%B5%D0%B3&phone=%2B7+912"
    assert call(urlencoded, "application/x-www-form-urlencoded") == wanted
    assert call('{"name": "Олег", "phone": "+7 912"}'.encode(), "application/json") == wanted
    parts = (
        '--B\r\nContent-Disposition: form-data; name="name"\r\n\r\nОлег\r\n'
        '--B\r\nContent-Disposition: form-data; name="phone"\r\n\r\n+7 912\r\n'
        '--B\r\nContent-Disposition: form-data; name="план"; filename="план.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF\r\n--B--\r\n"
    )
    found = call(parts.encode(), "multipart/form-data; boundary=B")
    assert found["name"] == "Олег"
    assert found["phone"] == "+7 912"
    assert call(b"", query={"id": "1"}) == {"id": "1"}
    assert call("name=Олег".encode("cp1251"))["name"] == "Олег"


def test_a_quote_in_a_name_does_not_lose_the_call() -> None:
    given = payloads.call(contact_full_name='ООО "Ромашка"')
    assert call(payloads.template(given), "application/json") == given


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"{,}", b"[" * 5000])
def test_what_is_no_lead_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several libraries
        call(body, "application/json")


@pytest.mark.parametrize("service", [jivosite, roistat, calls])
@pytest.mark.parametrize("data", [{}, {"id": None}, {"event_name": "chat_finished"}, {"id": {}}])
def test_no_number_no_lead(service: Any, data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no|neither"):
        service.key(data)


@pytest.mark.parametrize("service", list(READERS))
def test_odd_values_do_no_harm(service: str) -> None:
    """Lists where texts should be, nulls, numbers: whatever comes, it is a lead."""
    names = [*payloads.jivosite(), *payloads.roistat(), *payloads.call(), "call", "phone"]
    odds: list[Any] = [None, 7, True, [], [1], {}, {"a": [{}]}, "x"]
    for odd in odds:
        data = dict.fromkeys(names, odd) | {
            "_id": "1",
            "id": "1",
            "communication_id": "1",
            "event_name": "chat_updated",
            "chat_id": 1,
        }
        assert lead(service, data).external_id


@pytest.mark.parametrize(
    "wrong",
    [{"origins": "shop"}, {"addresses": "nowhere"}, {"fields": "age"}, {"privacy_url": "x"}],
)
def test_settings_are_looked_at(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Config.model_validate(wrong)
