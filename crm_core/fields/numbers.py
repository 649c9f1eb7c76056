"""Numbers and sums of money as people write them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

DEFAULT_CURRENCY = "RUB"
MOST_DIGITS, MOST_DECIMALS = 15, 6
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
_NUMBER = re.compile(r"-?(\d[\d.,]*|[.,]\d+)", re.ASCII)
CURRENCIES = {
    "RUB": ("₽", "руб.", "руб", "р.", "р", "rub", "рублей", "рубля", "рубль"),
    "USD": ("$", "usd", "долл.", "долларов", "доллара", "доллар"),
    "EUR": ("€", "eur", "евро"),
    "KZT": ("₸", "kzt", "тенге"),
    "BYN": ("byn", "бел.руб.", "br"),
    "CNY": ("¥", "cny", "юаней", "юаня", "юань"),
}
_SIGNS = sorted(
    ((sign, code) for code, signs in CURRENCIES.items() for sign in signs),
    key=lambda pair: -len(pair[0]),
)
NOT_A_NUMBER = N_("%(value)s is no number. Write it in digits: 1 234,5.")
TOO_LONG = N_(
    "This number is too long: at most %(digits)s digits and %(decimals)s after the comma."
)
NOT_MONEY = N_("%(value)s is no sum of money. Write it like 1 234,50 ₽.")
CENTS = N_("A sum has at most two digits after the comma: 1 234,50 ₽.")


def parse_number(raw: str) -> Decimal:
    """`1 234,5`, `1,234.5`, `−7`: a number without needless zeros; Invalid."""
    text = _SPACES.sub("", raw).replace("−", "-").replace("–", "-").removeprefix("+")
    if not _NUMBER.fullmatch(text):
        raise Invalid(NOT_A_NUMBER, value=_short(raw))
    plain = _pointed(text)
    if plain.count(".") > 1:
        raise Invalid(NOT_A_NUMBER, value=_short(raw))
    whole, _point, rest = plain.lstrip("-").partition(".")
    rest = rest.rstrip("0")
    if len(whole.lstrip("0")) > MOST_DIGITS or len(rest) > MOST_DECIMALS:
        raise Invalid(TOO_LONG, digits=MOST_DIGITS, decimals=MOST_DECIMALS)
    return normal(Decimal(plain))


def _pointed(text: str) -> str:
    """With a point before the decimals and nothing between thousands."""
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
        return text.replace(thousands, "").replace(",", ".")
    mark = "," if comma >= 0 else "."
    if text.count(mark) > 1:  # 1,234,567
        groups = text.lstrip("-").split(mark)
        if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3:
            return text.replace(mark, "")
    return text.replace(",", ".")


def normal(number: Decimal) -> Decimal:
    """The same number in its one form: no exponent, no zeros at the end, no minus zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal("0") if text in {"-0", ""} else Decimal(text)


def parse_money(raw: str) -> tuple[Decimal, str]:
    """Amount and currency (ISO 4217); without a sign it is roubles; Invalid."""
    text, currency = _without_currency(raw.strip())
    try:
        amount = parse_number(text)
    except Invalid as error:
        if error.message == TOO_LONG:
            raise
        raise Invalid(NOT_MONEY, value=_short(raw)) from None
    if amount != round(amount, 2):
        raise Invalid(CENTS)
    return amount, currency


def _without_currency(text: str) -> tuple[str, str]:
    low = text.casefold()
    for sign, code in _SIGNS:
        if low.endswith(sign):
            return text[: -len(sign)], code
        if low.startswith(sign):
            return text[len(sign) :], code
    return text, DEFAULT_CURRENCY


def _short(raw: str) -> str:
    return f"“{raw.strip()[:40]}”"
