"""What people write in fields, and how it is read back to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.fields.kinds import Field, FieldKind, Option
from crm_core.fields.showing import render
from crm_core.fields.slugs import slug
from crm_core.fields.values import parse
from crm_core.kernel import i18n
from crm_core.kernel.errors import Invalid

TODAY = date(2026, 11, 22)
OPTIONS = (Option("o1", "Оптом"), Option("o2", "В розницу"), Option("o3", "Ёлки", archived=True))


def field(kind: FieldKind) -> Field:
    return Field(id=1, owner="client", key="k", title="Поле", kind=kind, options=OPTIONS)


def kept(kind: FieldKind, raw: object) -> object:
    return parse(field(kind), raw, TODAY)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1 234,50", "1234.5"),
        ("1\u202f234\u00a0567", "1234567"),
        ("1,234,567.25", "1234567.25"),
        ("1.234.567,25", "1234567.25"),
        ("1,234,567", "1234567"),
        ("−7", "-7"),
        (",5", "0.5"),
        ("-0", "0"),
        (12, "12"),
        (0.1, "0.1"),
        (1e3, "1000"),
        ("007", "7"),
    ],
)
def test_numbers(raw: object, value: str) -> None:
    assert kept(FieldKind.NUMBER, raw) == value


@pytest.mark.parametrize("raw", ["много", "1.2.3", "1-2", "٣", True, float("nan"), "1e5", "9" * 16])
def test_no_numbers(raw: object) -> None:
    with pytest.raises(Invalid):
        kept(FieldKind.NUMBER, raw)


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        ("1 234,50 ₽", "1234.5", "RUB"),
        ("1234.5 руб.", "1234.5", "RUB"),
        ("$99.99", "99.99", "USD"),
        ("15 евро", "15", "EUR"),
        (1000, "1000", "RUB"),
        ({"amount": "12.30", "currency": "eur"}, "12.3", "EUR"),
    ],
)
def test_money(raw: object, amount: str, currency: str) -> None:
    assert kept(FieldKind.MONEY, raw) == {"amount": amount, "currency": currency}


@pytest.mark.parametrize("raw", ["1,234 ₽", "сто", {"amount": 1, "currency": "XXX"}, "₽", "5 бат"])
def test_no_money(raw: object) -> None:
    with pytest.raises(Invalid) as refused:
        kept(FieldKind.MONEY, raw)
    with i18n.using("ru"):
        assert "1 234,50 ₽" in i18n.explain(refused.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("05.03.2026", "2026-03-05"),
        ("5.3.26", "2026-03-05"),
        ("5.3.85", "1985-03-05"),
        ("5/3/2026", "2026-03-05"),
        ("5 марта", "2026-03-05"),
        ("5 Марта 1980 г.", "1980-03-05"),
        ("5 мая 1999 года", "1999-05-05"),
        ("March 5, 2026", "2026-03-05"),
        ("5th March", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("завтра", "2026-11-23"),
        ("Yesterday", "2026-11-21"),
    ],
)
def test_days(raw: str, value: str) -> None:
    assert kept(FieldKind.DATE, raw) == value


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("31.02.2026", "Такого дня нет в календаре"),
        ("5 брюмера", "05.03.2026"),
        ("скоро", "05.03.2026"),
        ("01.01.0001", "Такого дня нет в календаре"),
    ],
)
def test_no_days(raw: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        kept(FieldKind.DATE, raw)
    with i18n.using("ru"):
        assert words in i18n.explain(refused.value)


@pytest.mark.parametrize(
    ("raw", "value"), [("Да", True), ("нет", False), ("YES", True), ("n", False), (True, True)]
)
def test_yes_and_no(raw: object, value: bool) -> None:
    assert kept(FieldKind.YES_NO, raw) is value
    with pytest.raises(Invalid):
        kept(FieldKind.YES_NO, "может быть")


def test_choices_by_key_and_title_in_any_spelling() -> None:
    assert kept(FieldKind.CHOICE, "o2") == "o2"
    assert kept(FieldKind.CHOICE, "  в  Розницу ") == "o2"
    assert kept(FieldKind.CHOICES, "в розницу, оптом") == ["o1", "o2"]
    assert kept(FieldKind.CHOICES, ["o3", "o1"]) == ["o1", "o3"], "archived ones stay in a list"
    for raw in ("елки", "o3", "штучно"):
        with pytest.raises(Invalid):
            kept(FieldKind.CHOICE, raw)
    with i18n.using("ru"), pytest.raises(Invalid) as refused:
        kept(FieldKind.CHOICE, "штучно")
    assert "Оптом, В розницу" in str(refused.value)
    assert render(field(FieldKind.CHOICE), "o3", "ru") == "Ёлки"


@pytest.mark.parametrize("raw", [None, "", "  ", []])
@pytest.mark.parametrize("kind", list(FieldKind))
def test_nothing_empties_every_kind(kind: FieldKind, raw: object) -> None:
    assert kept(kind, raw) is None
    assert render(field(kind), None, "ru") == ""


@pytest.mark.parametrize("raw", [True, "Анна", -1, 0.5, "1" * 30])
def test_people_are_numbers(raw: object) -> None:
    assert kept(FieldKind.PERSON, "employee:7") == kept(FieldKind.PERSON, 7) == 7
    with pytest.raises(Invalid):
        kept(FieldKind.PERSON, raw)


def test_files_are_named_by_their_content() -> None:
    sha = "a" * 64
    value = kept(FieldKind.FILE, {"sha": sha, "name": "Договор.pdf", "size": 5, "evil": 1})
    assert value == {
        "sha": sha,
        "name": "Договор.pdf",
        "mime": "application/octet-stream",
        "size": 5,
    }
    assert render(field(FieldKind.FILE), value, "ru") == "📎 Договор.pdf"
    with pytest.raises(Invalid):
        kept(FieldKind.FILE, {"sha": "../../etc/passwd"})


def test_shown_by_the_language() -> None:
    money = field(FieldKind.MONEY)
    sum_ = {"amount": "1234.5", "currency": "RUB"}
    assert render(money, sum_, "ru").replace("\u00a0", " ") == "1 234,50 ₽"
    assert render(money, sum_ | {"amount": "1250000"}, "ru").replace("\u00a0", " ") == "1 250 000 ₽"
    assert render(field(FieldKind.DATE), "2026-03-05", "en") == "March 5, 2026"
    assert render(field(FieldKind.YES_NO), False, "ru") == "нет"
    assert render(field(FieldKind.PERSON), 7, "ru", {7: "Анна"}) == "Анна"


@given(st.decimals(-(10**12), 10**12, places=6), st.sampled_from(["ru", "en"]))
def test_numbers_are_read_back_as_they_are_shown(number: Decimal, language: str) -> None:
    value = kept(FieldKind.NUMBER, f"{number:f}")
    shown = render(field(FieldKind.NUMBER), value, language)
    if language == "ru" or shown.count(",") != 1 or "." in shown:  # 1,234 alone is said in Russian
        assert kept(FieldKind.NUMBER, shown) == value
    assert Decimal(str(value)) == number


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)), st.sampled_from(["ru", "en"]))
def test_days_are_read_back_as_they_are_shown(day: date, language: str) -> None:
    shown = render(field(FieldKind.DATE), day.isoformat(), language)
    assert kept(FieldKind.DATE, shown) == day.isoformat()


@given(st.text(max_size=60), st.sampled_from(list(FieldKind)))
def test_whatever_is_written_is_taken_or_refused(text: str, kind: FieldKind) -> None:
    try:
        value = kept(kind, text)
    except Invalid as refused:
        words = i18n.explain(refused)
    else:
        words = "taken"
        render(field(kind), value, "ru")
    assert words


def test_keys_are_short_latin_and_free() -> None:
    assert slug("Дата рождения") == "data_rozhdeniya"
    assert slug("Дата рождения", {"data_rozhdeniya"}) == "data_rozhdeniya_2"
    assert slug("№ 1") == "field_1"
    assert slug("名前") == "field"
