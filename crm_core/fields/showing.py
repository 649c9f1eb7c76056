"""A field's value as people read it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from crm_core.fields.kinds import Field, FieldKind, Value
from crm_core.kernel import i18n

People = Mapping[int, str]


def render(field: Field, value: Value, language: str, people: People | None = None) -> str:
    """One line, `1 234,50 ₽`, `5 марта 2026 г.`; empty for no value.

    `people` names employees by number. Archived options and people who left are still shown.
    """
    if value is None:
        return ""
    if field.kind is FieldKind.PERSON:
        return (people or {}).get(value, f"№ {value}")
    return SHOW.get(field.kind, _text)(field, value, language)


def _text(_field: Field, value: Value, _language: str) -> str:
    return str(value)


def _number(_field: Field, value: Value, language: str) -> str:
    return format_decimal(Decimal(value), "#,##0.######", locale=language)


def _money(_field: Field, value: Value, language: str) -> str:
    """Whole sums without their zeros."""
    amount, form = Decimal(value["amount"]), _form(language)
    if amount == amount.to_integral_value():
        form = form.replace("0.00", "0")
    return format_currency(amount, value["currency"], form, language, currency_digits=False)


def _form(language: str) -> str:
    return str(Locale.parse(language).currency_formats["standard"].pattern)


def _date(_field: Field, value: Value, language: str) -> str:
    return format_date(date.fromisoformat(value), "long", locale=language)


def _yes_no(_field: Field, value: Value, language: str) -> str:
    with i18n.using(language):
        return i18n.gettext("yes") if value else i18n.gettext("no")


def _title(field: Field, key: Value, _language: str = "") -> str:
    found = field.option(key)
    return found.title if found else str(key)


def _titles(field: Field, value: Value, _language: str) -> str:
    return ", ".join(_title(field, one) for one in value)


def _file(_field: Field, value: Value, _language: str) -> str:
    return f"📎 {value['name']}"


SHOW: dict[FieldKind, Callable[[Field, Value, str], str]] = {
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _title,
    FieldKind.CHOICES: _titles,
    FieldKind.YES_NO: _yes_no,
    FieldKind.FILE: _file,
}
