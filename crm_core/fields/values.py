"""What may stand in a field: from what people write, press and send to the value kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crm_core.fields.dates import parse_day
from crm_core.fields.kinds import Field, FieldKind, Option, Value
from crm_core.fields.numbers import CURRENCIES, normal, parse_money, parse_number
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

LONGEST_TEXT = 2000
YES = frozenset({"да", "есть", "истина", "yes", "y", "true", "on", "1", "+", "✓", "✅"})
NO = frozenset({"нет", "ложь", "no", "n", "false", "off", "0", "-", "—", "✗", "❌"})
_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)
NEITHER = N_("%(value)s is neither yes nor no. Write “yes” or “no”.")
TOO_LONG = N_("This text is too long: at most %(most)s characters.")
NO_OPTION = N_("There is no “%(value)s” in the field %(field)s. Choose one of: %(options)s.")
ARCHIVED = N_("“%(value)s” is no longer offered in the field %(field)s.")
NO_PERSON = N_("In the field %(field)s there stands a colleague: give the number of an employee.")
NO_FILE = N_("In the field %(field)s there stands a file: send it.")
NOT_TEXT = N_("In the field %(field)s there stands a text.")


def is_empty(raw: object) -> bool:
    """Whether this empties a field. `no` and zero are values."""
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def parse(field: Field, raw: object, today: date) -> Value:
    """The value to keep (see kinds); Invalid says what to write. `today` is the person's day."""
    if is_empty(raw):
        return None
    return PARSERS[field.kind](field, raw, today)


def _text(field: Field, raw: object, _today: date) -> str:
    if not isinstance(raw, str):
        raise Invalid(NOT_TEXT, field=field.title)
    text = raw.replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(TOO_LONG, most=LONGEST_TEXT)
    return text


def _number(_field: Field, raw: object, _today: date) -> str:
    return f"{parse_number(_written(raw)):f}"


def _written(raw: object) -> str:
    """A JSON number as people would write it; booleans are none."""
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return f"{normal(Decimal(str(raw))):f}" if Decimal(str(raw)).is_finite() else str(raw)
    return raw if isinstance(raw, str) else str(raw)


def _money(_field: Field, raw: object, _today: date) -> dict[str, str]:
    if isinstance(raw, Mapping) and set(raw) == {"amount", "currency"}:
        code = str(raw["currency"]).upper()
        raw = f"{_written(raw['amount'])} {code if code in CURRENCIES else '?'}"
    amount, currency = parse_money(_written(raw))
    return {"amount": f"{amount:f}", "currency": currency}


def _date(_field: Field, raw: object, today: date) -> str:
    return parse_day(str(raw), today).isoformat()


def _yes_no(_field: Field, raw: object, _today: date) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().casefold()
    if word not in YES | NO:
        raise Invalid(NEITHER, value=f"“{str(raw)[:40]}”")
    return word in YES


def _choice(field: Field, raw: object, _today: date) -> str:
    return _option(field, str(raw)).key


def _option(field: Field, raw: str) -> Option:
    """By its key, else by its title in any case and spelling of ё."""
    wanted = _spelled(raw)
    found = field.option(raw) or next(
        (one for one in field.offered if _spelled(one.title) == wanted), None
    )
    if found is None:
        options = ", ".join(one.title for one in field.offered[:20])
        raise Invalid(NO_OPTION, value=raw[:40], field=field.title, options=options)
    if found.archived:
        raise Invalid(ARCHIVED, value=found.title, field=field.title)
    return found


def _spelled(title: str) -> str:
    return " ".join(title.split()).casefold().replace("ё", "е")


def _choices(field: Field, raw: object, _today: date) -> list[str]:
    """A list, or one text with commas; kept in the admin's order, archived ones may stay."""
    parts = raw if isinstance(raw, list | tuple) else _listed(field, str(raw))
    chosen = {
        str(one) if field.option(str(one)) else _option(field, str(one).strip()).key
        for one in parts
    }
    return [one.key for one in field.options if one.key in chosen]


def _listed(field: Field, raw: str) -> list[str]:
    whole = any(_spelled(one.title) == _spelled(raw) for one in field.offered)
    return [raw] if whole else [part for part in re.split(r"[,;\n]", raw) if part.strip()]


def _person(field: Field, raw: object, _today: date) -> int:
    text = str(raw).removeprefix("employee:")
    if isinstance(raw, bool) or not (text.isascii() and text.isdecimal() and 0 < len(text) < 18):
        raise Invalid(NO_PERSON, field=field.title)
    return int(text)


def _file(field: Field, raw: object, _today: date) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or not _SHA.fullmatch(str(raw.get("sha", ""))):
        raise Invalid(NO_FILE, field=field.title)
    size = raw.get("size")
    return {
        "sha": str(raw["sha"]),
        "name": str(raw.get("name") or "file")[:255],
        "mime": str(raw.get("mime") or "application/octet-stream")[:120],
        "size": size if isinstance(size, int) and not isinstance(size, bool) else 0,
    }


PARSERS: dict[FieldKind, Callable[[Field, object, date], Value]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PERSON: _person,
    FieldKind.FILE: _file,
}
