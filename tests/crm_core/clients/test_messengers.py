"""Names in messengers: one normal form however they were typed or pasted."""

from __future__ import annotations

import pytest

from crm_core.clients.contactkinds import ContactKind
from crm_core.clients.messengers import recognized, shown
from crm_core.clients.rules import normalize_contact
from crm_core.kernel.errors import Invalid

TELEGRAM, VK, VIBER = ContactKind.TELEGRAM, ContactKind.VK, ContactKind.VIBER


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (TELEGRAM, "@Anna_Kim", "anna_kim"),
        (TELEGRAM, "anna_kim", "anna_kim"),
        (TELEGRAM, "https://t.me/Anna_Kim/", "anna_kim"),
        (TELEGRAM, "telegram.me/anna_kim", "anna_kim"),
        (TELEGRAM, "tg://resolve?domain=anna_kim", "anna_kim"),
        (TELEGRAM, "https://t.me/+79123456789", "+79123456789"),
        (TELEGRAM, "8 912 345-67-89", "+79123456789"),
        (VK, "https://m.vk.com/id123", "id123"),
        (VK, "vk.ru/anna.kim", "anna.kim"),
        (VK, "@Durov", "durov"),
        (VIBER, "8 (912) 345-67-89", "+79123456789"),
        (VIBER, "viber://chat?number=%2B79123456789", "+79123456789"),
    ],
)
def test_normal_form(kind: ContactKind, raw: str, value: str) -> None:
    assert normalize_contact(kind, raw) == value
    assert normalize_contact(kind, value) == value, "the normal form stays as it is"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((TELEGRAM, raw) for raw in ("@a", "анна", "t.me/joinchat/x", "1234", "a b c d")),
        *((VK, raw) for raw in ("vk.com/", "ok.ru/anna", "анна")),
        *((VIBER, raw) for raw in ("anna", "12")),
    ],
)
def test_what_can_be_no_name_is_refused(kind: ContactKind, raw: str) -> None:
    with pytest.raises(Invalid, match="no name in this messenger"):
        normalize_contact(kind, raw)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("@anna_kim", TELEGRAM),
        ("t.me/anna_kim", TELEGRAM),
        ("https://vk.com/anna", VK),
        ("viber://chat?number=79123456789", VIBER),
        ("skype: anna", ContactKind.OTHER),
        ("https://t.me/joinchat/AAA", ContactKind.OTHER),
        ("anna_kim", ContactKind.OTHER),
    ],
)
def test_links_say_what_they_are(raw: str, kind: ContactKind) -> None:
    assert recognized(raw) is kind


def test_shown_as_people_read_it() -> None:
    assert [shown("telegram", "anna"), shown("vk", "id1"), shown("other", "x")] == [
        *("@anna", "vk.com/id1", "x")
    ]
