"""Pure rules of Russian tax and register numbers: INN, KPP, OGRN.

INN: order of the Federal Tax Service ММВ-7-6/435; OGRN: order of the Ministry of Finance 165н.
"""

from __future__ import annotations

import re

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

_TENTH = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVENTH = (7, *_TENTH)
_TWELFTH = (3, *_ELEVENTH)
_KPP = re.compile(r"\d{4}[\dA-Z]{2}\d{3}")
_JOINTS = re.compile(r"[\s\-–—/]+")
COMPANY_INN, PERSON_INN = 10, 12
# Registers of companies and of sole traders: length of the number, and what it is divided by.
_OGRN = {13: 11, 15: 13}


def normalize_inn(raw: str) -> str:
    """The 10 (company) or 12 (person) digits; Invalid says what is wrong."""
    value = _bare(raw)
    if not value.isascii() or not value.isdigit():
        raise Invalid(N_("An INN has only digits: %(value)s has something else."), value=raw)
    if len(value) not in {COMPANY_INN, PERSON_INN}:
        raise Invalid(
            N_("An INN has 10 digits (company) or 12 (person); here are %(count)s."),
            count=len(value),
        )
    # No tax office has the number 00; with zeros only all check digits would be right.
    if value.startswith("00") or not _checks(value):
        raise Invalid(
            N_("The check digit of INN %(value)s is wrong: look for a mistyped digit."), value=value
        )
    return value


def _checks(inn: str) -> bool:
    if len(inn) == COMPANY_INN:
        return _control(inn, _TENTH)
    return _control(inn, _ELEVENTH) and _control(inn, _TWELFTH)


def _control(inn: str, weights: tuple[int, ...]) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(weights, inn, strict=False))
    return total % 11 % 10 == int(inn[len(weights)])


def normalize_kpp(raw: str) -> str:
    """Nine signs: four digits, two digits or Latin capitals, three digits; Invalid."""
    value = _bare(raw).upper()
    if len(value) != 9:
        raise Invalid(N_("A KPP has 9 characters; here are %(count)s."), count=len(value))
    if not value.isascii() or not _KPP.fullmatch(value):
        raise Invalid(
            N_("KPP %(value)s is not of the form NNNNPPXXX: digits, only PP may be Latin letters."),
            value=value,
        )
    return value


def normalize_ogrn(raw: str) -> str:
    """The 13 (company) or 15 (sole trader) digits; Invalid says what is wrong."""
    value = _bare(raw)
    if not value.isascii() or not value.isdigit():
        raise Invalid(N_("An OGRN has only digits: %(value)s has something else."), value=raw)
    divisor = _OGRN.get(len(value))
    if divisor is None:
        raise Invalid(
            N_("An OGRN has 13 digits (company) or 15 (sole trader); here are %(count)s."),
            count=len(value),
        )
    if value.startswith("0") or int(value[:-1]) % divisor % 10 != int(value[-1]):
        raise Invalid(
            N_("The check digit of OGRN %(value)s is wrong: look for a mistyped digit."),
            value=value,
        )
    return value


def fit(inn: str, kpp: str, ogrn: str) -> None:
    """Numbers that can't stand together are refused; empty ones are not known."""
    if kpp and len(inn) == PERSON_INN:
        raise Invalid(N_("Who has an INN of 12 digits (a sole trader) has no KPP."))
    if inn and ogrn and (len(inn) == PERSON_INN) != (len(ogrn) == 15):
        raise Invalid(
            N_("INN and OGRN do not fit: companies have 10 and 13 digits, sole traders 12 and 15.")
        )


def _bare(raw: str) -> str:
    return _JOINTS.sub("", raw.strip())
