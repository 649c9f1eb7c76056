"""INN, KPP and OGRN: numbers of real shape are taken, wrong ones told what is wrong."""

from __future__ import annotations

import pytest

from crm_core.clients.taxrules import fit, normalize_inn, normalize_kpp, normalize_ogrn
from crm_core.kernel.errors import Invalid

RIGHT_INN = [
    ("7707083893", "7707083893"),
    (" 7736207543 ", "7736207543"),
    ("7702 070 139", "7702070139"),
    ("7740-000-076", "7740000076"),
    ("5036065113", "5036065113"),
    ("9909001382", "9909001382"),  # foreign companies have the region 99
    ("0105025644", "0105025644"),
    ("500100732259", "500100732259"),
    ("3664069397", "3664069397"),
    ("784806113663", "784806113663"),
]
WRONG_INN = [
    ("7707083894", "check digit"),
    ("7707038893", "check digit"),  # two digits swapped
    ("500100732258", "check digit"),
    ("500100732269", "check digit"),  # the first of the two check digits
    ("0000000000", "check digit"),
    ("000000000000", "check digit"),
    ("770708389", "10 digits (company) or 12 (person); here are 9"),
    ("77070838930", "here are 11"),
    ("7707083893001", "here are 13"),
    ("77070838O3", "something else"),  # the letter O
    ("٧٧٠٧٠٨٣٨٩٣", "something else"),
    ("", "something else"),
]


@pytest.mark.parametrize(("raw", "value"), RIGHT_INN)
def test_right_inn(raw: str, value: str) -> None:
    assert normalize_inn(raw) == value


@pytest.mark.parametrize(("raw", "why"), WRONG_INN)
def test_wrong_inn_is_told(raw: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalize_inn(raw)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("773601001", "773601001"), (" 7736 01 001", "773601001"), ("9909ab123", "9909AB123")],
)
def test_right_kpp(raw: str, value: str) -> None:
    assert normalize_kpp(raw) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("77360100", "here are 8"),
        ("7736010012", "here are 10"),
        ("77З601001", "NNNNPPXXX"),  # a Russian letter
        ("7736АБ001", "NNNNPPXXX"),
        ("A73601001", "NNNNPPXXX"),
    ],
)
def test_wrong_kpp_is_told(raw: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalize_kpp(raw)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "value", ["1027700132195", "1027739642281", "1027700070518", "304500116000157"]
)
def test_right_ogrn(value: str) -> None:
    assert normalize_ogrn(value) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("1027700132196", "check digit"),
        ("304500116000158", "check digit"),
        ("0000000000000", "check digit"),
        ("10277001321955", "13 digits (company) or 15 (sole trader); here are 14"),
        ("10277001321AB", "something else"),
    ],
)
def test_wrong_ogrn_is_told(raw: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalize_ogrn(raw)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("inn", "kpp", "ogrn", "fits"),
    [
        ("7707083893", "773601001", "1027700132195", True),
        ("7707083893", "", "", True),
        ("", "773601001", "", True),
        ("", "", "304500116000157", True),
        ("500100732259", "", "304500116000157", True),
        ("500100732259", "773601001", "", False),
        ("500100732259", "", "1027700132195", False),
        ("7707083893", "", "304500116000157", False),
    ],
)
def test_numbers_stand_together(inn: str, kpp: str, ogrn: str, fits: bool) -> None:
    if fits:
        fit(inn, kpp, ogrn)
    else:
        with pytest.raises(Invalid):
            fit(inn, kpp, ogrn)
