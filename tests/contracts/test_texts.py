"""Everything Pult says to people can be said in Russian, with the same values in it."""

from __future__ import annotations

import ast

import pytest

from tests.contracts import texts
from tests.contracts.house import ROOMS, Module

BELOW = ("crm_core", "routing")  # whose texts every room may say
SPEAKING = [room for room in ROOMS if room != "sandbox"]  # a stage for English error texts


@pytest.mark.parametrize("room", SPEAKING)
def test_every_text_of_the_room_has_its_translation(room: str) -> None:
    there = {texts.key(one) for place in {room, *BELOW} for _, one in texts.messages(place)}
    singles = {one if isinstance(one, str) else one[0] for one in there}
    missing = [
        text
        for text in texts.texts(room)
        if text not in there and not (isinstance(text, str) and text in singles)
    ]
    assert sorted(missing, key=str) == []


def test_translations_are_whole() -> None:
    unfinished = [
        f"{path}: {one.id}"
        for path, one in texts.messages()
        if one.fuzzy or not all(string.strip() for string in texts.strings(one))
    ]
    assert unfinished == []


def test_plurals_have_three_forms() -> None:
    odd = [
        f"{path}: {one.id}"
        for path, one in texts.messages()
        if one.pluralizable and len(list(texts.strings(one))) != 3
    ]
    assert odd == []


def test_translations_hold_the_same_values() -> None:
    different = []
    for path, one in texts.messages():
        wanted = texts.placeholders(one.id if isinstance(one.id, str) else one.id[1])
        for string in texts.strings(one):
            if texts.placeholders(string) != wanted:
                different.append(f"{path}: {one.id} → {string}")  # noqa: PERF401 - reads better
    assert different == []


def test_one_text_has_one_translation() -> None:
    """All catalogues are one at run time: of two translations the second is never seen."""
    seen: dict[texts.Text, tuple[str, ...]] = {}
    torn = []
    for path, one in texts.messages():
        strings = tuple(texts.strings(one))
        if seen.setdefault(texts.key(one), strings) != strings:
            torn.append(f"{path}: {one.id} is said otherwise elsewhere")
    assert torn == []


def test_refusals_are_known_by_descent() -> None:
    assert {"CrmError", "Invalid", "Conflict", "TooLarge"} <= texts.refusals()


def test_the_extractor_sees_what_is_said() -> None:
    code = (
        'raise Conflict("a %(x)s", x=1)\n'
        "def f():\n"
        '    message = "b" " and c"\n'
        "    raise NotFound(message)\n"
        '@command(title=N_("d"))\n'
        "def g(): return i18n.ngettext('e', 'es', 2)\n"
        'log.info("not said")\n'
        "h = _(f'{dynamic}')\n"
    )
    found = set(texts.said(Module("x.py", code, ast.parse(code))))
    assert found == {"a %(x)s", "b and c", "d", ("e", "es")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(a)s and %(b)d", {"%(a)s", "%(b)d"}),
        ("{a} %s 100%%", {"{a}", "%s"}),
        ("plain", set()),
    ],
)
def test_placeholders(text: str, found: set[str]) -> None:
    assert texts.placeholders(text) == found
