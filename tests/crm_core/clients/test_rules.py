"""Phones, mail addresses and the folded form of names."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.clients.folding import MAX_FOLDED
from crm_core.clients.rules import (
    ContactKind,
    display_phone,
    fold,
    normalize_contact,
    normalize_email,
    normalize_phone,
)
from crm_core.clients.spelling import distance, other_layout
from crm_core.kernel.errors import Invalid

PHONES = [
    ("8 (912) 345-67-89", "+79123456789"),
    ("+7 912 345 67 89", "+79123456789"),
    ("79123456789", "+79123456789"),
    ("912 345 67 89", "+79123456789"),
    ("тел: 8-912-345-67-89", "+79123456789"),
    ("+7 495 123-45-67 доб. 12", "+74951234567"),
    ("8-701-234-56-78", "+77012345678"),
    ("375291234567", "+375291234567"),
    ("8 10 375 29 123 45 67", "+375291234567"),
    ("00 998 90 123 45 67", "+998901234567"),
    ("380501234567", "+380501234567"),
    ("+1 202 555 0143", "+12025550143"),
    ("112", None),
    ("1234", None),
    ("123-45-67", None),
    ("1234567890", None),
    ("позвоните мне", None),
    ("9" * 40, None),
    ("", None),
]


@pytest.mark.parametrize(("raw", "expected"), PHONES)
def test_phones_as_people_write_them(raw: str, expected: str | None) -> None:
    assert normalize_phone(raw) == expected


@given(st.integers(9_000_000_000, 9_999_999_999), st.sampled_from(["8", "+7", "7", "+7 ", "8-"]))
def test_one_mobile_number_has_one_form(number: int, lead: str) -> None:
    text = str(number)
    spaced = f"{lead}({text[:3]}) {text[3:6]}-{text[6:8]}-{text[8:]}"
    valid = phonenumbers.is_valid_number(phonenumbers.parse(f"+7{text}"))
    expected = f"+7{text}"
    found = normalize_phone(spaced)
    # Ranges that were never given out are believed only with the country written out.
    assert found == expected if valid or lead.startswith("+") else found is None


@given(st.text(max_size=40))
def test_a_normal_phone_stays_what_it_is(raw: str) -> None:
    found = normalize_phone(raw)
    if found is not None:
        assert normalize_phone(found) == found
        assert normalize_phone(display_phone(found)) == found


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" Ivan.Petrov@Example.COM ", "ivan.petrov@example.com"),
        ("mailto:a@b.ru", "a@b.ru"),
        ("<a@b.ru>", "a@b.ru"),
        ("почта@пример.рф", "почта@пример.рф"),
        ("a@b", None),
        ("a b@c.ru", None),
        ("@b.ru", None),
        ("a@b@c.ru", None),
        ("x" * 250 + "@b.ru", None),
    ],
)
def test_mail_addresses(raw: str, expected: str | None) -> None:
    assert normalize_email(raw) == expected


@pytest.mark.parametrize(
    ("kind", "raw"),
    [(ContactKind.PHONE, "12"), (ContactKind.EMAIL, "x"), (ContactKind.OTHER, " \n ")],
)
def test_a_wrong_contact_is_refused(kind: ContactKind, raw: str) -> None:
    with pytest.raises(Invalid):
        normalize_contact(kind, raw)


SAME = [
    ("ООО «Ромашка»", "Ромашка ООО"),
    ("ООО «Ромашка»", 'общество с ограниченной ответственностью "РОМАШКА"'),
    ("Acme Inc.", "ACME, LLC"),
    ("Пётр Соловьёв", "Соловьев Петр"),
    ("Ivanov Ivan", "Иван Иванов"),
    ("Dmitriy Shchukin", "Щукин Дмитрий"),
    ("Yuri Tchaikovsky", "Юрий Чайковский"),
    ("Анна", "анна"),
    ("Анна", "Ана"),
    ("Наталья", "Natalya"),
    ("Jos\N{LATIN SMALL LETTER E WITH ACUTE}", "Jose"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_names_that_are_the_same(left: str, right: str) -> None:
    assert fold(left) == fold(right) != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [("Иванов", "Иванова"), ("Ромашка 1", "Ромашка 11"), ("ООО Свет", "ООО Цвет")],
)
def test_names_that_differ(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@given(st.text(max_size=200))
def test_a_folded_name_can_be_indexed_and_asked_for(name: str) -> None:
    folded = fold(name)
    assert len(folded) <= MAX_FOLDED
    assert folded == " ".join(folded.split())
    assert all(char.isalnum() for word in folded.split() for char in word)


def test_a_bare_legal_form_is_still_a_name() -> None:
    assert fold("ИП")
    assert fold("Общество с ограниченной ответственностью")


@given(st.text("абвг", max_size=8), st.text("абвг", max_size=8))
def test_distance_is_symmetric_and_zero_only_for_the_same(left: str, right: str) -> None:
    assert distance(left, right) == distance(right, left)
    assert (distance(left, right) == 0) == (left == right)


@given(st.text("абвгд", min_size=2, max_size=8), st.data())
def test_one_slip_is_one_away(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert distance(word, word[:at] + word[at + 1 :]) == 1
    assert distance(word, word[:at] + "я" + word[at:]) == 1
    assert distance(word, word[:at] + "я" + word[at + 1 :]) == 1
    assert distance(word, swapped) == (swapped != word)


def test_the_other_keyboard_layout() -> None:
    assert other_layout("Bdfyjd") == "Иванов"
    assert other_layout(other_layout("Иванов, Пётр")) == "Иванов, Пётр"
