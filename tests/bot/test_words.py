"""Texts, buttons and memory that need no company at work."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.storage.base import StorageKey
from babel.messages.pofile import read_po

import bot
from bot.dialogs import presses, reasons
from bot.home import presses as home_presses
from bot.storage import LIFE, PgStorage
from crm_core.kernel import clock, db, i18n

ROOM = Path(bot.__file__).parent
BIGGEST = 2**53


def marked() -> Iterator[tuple[Path, str]]:
    """Every text for people in the room, with its file."""
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in {"_", "N_", "ngettext"} and isinstance(first, ast.Constant):
                yield path, str(first.value)


def test_every_text_has_its_russian() -> None:
    known: set[str] = set()
    for path in ROOM.rglob("locales/ru.po"):
        with path.open("rb") as source:
            entries = read_po(source, locale="ru")
        for entry in entries:
            id_ = entry.id if isinstance(entry.id, str) else entry.id[0]
            if entry.string and (isinstance(entry.string, str) or all(entry.string)):
                known.add(id_)
    lacking = sorted({text for path, text in marked() if text not in known})
    with i18n.using("ru"):
        assert [text for text in lacking if i18n.gettext(text) == text] == []


def test_plurals() -> None:
    def dialogs(count: int) -> str:
        words = i18n.ngettext("%(count)s dialog", "%(count)s dialogs", count)
        return words % {"count": count}

    with i18n.using("ru"):
        assert [dialogs(n) for n in (1, 3, 5, 21)] == [
            "1 диалог",
            "3 диалога",
            "5 диалогов",
            "21 диалог",
        ]
    with i18n.using("en"):
        assert dialogs(2) == "2 dialogs"


def kinds() -> list[type[CallbackData]]:
    found = [*vars(presses).values(), *vars(home_presses).values()]
    return [
        one
        for one in found
        if inspect.isclass(one) and issubclass(one, CallbackData) and one is not CallbackData
    ]


@pytest.mark.parametrize("kind", kinds())
def test_buttons_fit_with_the_biggest_numbers(kind: type[CallbackData]) -> None:
    numbers = {
        name: BIGGEST for name, field in kind.model_fields.items() if field.annotation is int
    }
    letters = {"now": True, "back": "m99", "do": "history", "until": "morning", "which": "snoozed"}
    words = {name: letters.get(name, "settings") for name in kind.model_fields}
    values: dict[str, Any] = words | numbers
    packed = kind.model_construct(None, **values).pack()
    assert len(packed.encode()) <= 64


def test_prefixes_are_unique() -> None:
    prefixes = [kind.__prefix__ for kind in kinds()]
    assert len(prefixes) == len(set(prefixes))


def test_reasons_are_words() -> None:
    with i18n.using("en"):
        known = {"load": 2, "among": 3, "passed": 1}
        for why in reasons.WHY:
            assert "%(" not in reasons.explained(known | {"why": why})
        assert reasons.explained({}) == "No rule chose anybody: it was opened by hand."


@pytest.mark.usefixtures("opened")
async def test_forms_outlive_the_process_but_not_the_hour() -> None:
    key = StorageKey(bot_id=1, chat_id=2, user_id=2, thread_id=3)
    other = StorageKey(bot_id=1, chat_id=2, user_id=2)
    await PgStorage().set_state(key, "form:x")
    await PgStorage().set_data(key, {"dialog": 5})
    assert await PgStorage().get_state(key) == "form:x"
    assert await PgStorage().get_data(key) == {"dialog": 5}
    assert await PgStorage().get_state(other) is None
    late = clock.now().timestamp() - LIFE - 1
    await db.execute(
        "UPDATE view_memory SET data = data || jsonb_build_object('at', $1::float)", late
    )
    assert await PgStorage().get_state(key) is None
    await PgStorage().set_state(key, None)
    await PgStorage().set_data(key, {})
    assert await db.fetchval("SELECT count(*) FROM view_memory") == 0
