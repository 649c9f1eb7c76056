"""Search: what people type, and whom they mean."""

from __future__ import annotations

import pytest

from crm_core.clients import merging, queries
from crm_core.clients.words import search_messages
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Forbidden
from tests.crm_core.clients import people

HOUSE = {
    "Иван Иванов": ("+79123456789", "ivan.ivanov@mail.ru"),
    "Сергей Соловьёв": ("+79031112233", "solo@yandex.ru"),
    "Наталья Щукина": ("+375291234567", ""),
    "Дмитрий Хабибуллин": ("+77012345678", "dima_h@gmail.com"),
    "Алексей Чайковский": ("+79267778899", ""),
    "Екатерина Вячеславовна Мещерякова": ("+74951234567", ""),
    "ООО «Ромашка»": ("+78123334455", "info@romashka.example"),
    "ЗАО «Вектор-Строй»": ("", "office@vektor.example"),
    "ИП Сидоренко": ("+79991234567", ""),
    "John Smith": ("+12025550143", "john@smith.example"),
    "Александр Пушкин": ("+79161234500", ""),
    "Мария": ("", ""),
    "Марина Морозова": ("", ""),
}

CASES = [
    # by name: any order, beginnings, case, ё and е
    ("Иван Иванов", "Иван Иванов"),
    ("иванов иван", "Иван Иванов"),
    ("ИВАНОВ", "Иван Иванов"),
    ("ив ив", "Иван Иванов"),
    ("соловьев", "Сергей Соловьёв"),
    ("Соловьёв", "Сергей Соловьёв"),
    ("сол серг", "Сергей Соловьёв"),
    ("мещеряк", "Екатерина Вячеславовна Мещерякова"),
    ("екатерина мещерякова", "Екатерина Вячеславовна Мещерякова"),
    ("ромашка", "ООО «Ромашка»"),
    ("ромашка ооо", "ООО «Ромашка»"),
    ('ООО "Ромашка"', "ООО «Ромашка»"),
    ("romashka", "ООО «Ромашка»"),
    ("вектор строй", "ЗАО «Вектор-Строй»"),
    ("сидоренко ип", "ИП Сидоренко"),
    ("мария", "Мария"),
    # letters of another alphabet
    ("Ivanov", "Иван Иванов"),
    ("Ivan Ivanov", "Иван Иванов"),
    ("Khabibullin", "Дмитрий Хабибуллин"),
    ("Dmitry", "Дмитрий Хабибуллин"),
    ("Shchukina", "Наталья Щукина"),
    ("Natalya", "Наталья Щукина"),
    ("Tchaikovsky", "Алексей Чайковский"),
    ("Смит", "John Smith"),
    ("Bdfyjd", "Иван Иванов"),
    ("Cjkjdmtd", "Сергей Соловьёв"),
    # slips
    ("Иваонв", "Иван Иванов"),
    ("Ивнаов Иван", "Иван Иванов"),
    ("Соловев", "Сергей Соловьёв"),
    ("Саловьёв", "Сергей Соловьёв"),
    ("Хабибулин", "Дмитрий Хабибуллин"),
    ("Хабебулин", "Дмитрий Хабибуллин"),
    ("Чаиковсикй", "Алексей Чайковский"),
    ("Мещерикова", "Екатерина Вячеславовна Мещерякова"),
    ("Мищерикова", "Екатерина Вячеславовна Мещерякова"),
    ("Катерина Мещерякова", "Екатерина Вячеславовна Мещерякова"),
    ("рамашка", "ООО «Ромашка»"),
    ("Пушкни", "Александр Пушкин"),
    ("Alexander Pushkin", "Александр Пушкин"),
    ("Ivanof", "Иван Иванов"),
    # phones
    ("+79123456789", "Иван Иванов"),
    ("8 (912) 345-67-89", "Иван Иванов"),
    ("912 345 67 89", "Иван Иванов"),
    ("89123456789", "Иван Иванов"),
    ("6789", "Иван Иванов"),
    ("345-67-89", "Иван Иванов"),
    ("89031112", "Сергей Соловьёв"),
    ("375 29 123", "Наталья Щукина"),
    ("+375 (29) 123-45-67", "Наталья Щукина"),
    ("8 701 234 56 78", "Дмитрий Хабибуллин"),
    ("2025550143", "John Smith"),
    # addresses and user names
    ("ivan.ivanov@mail.ru", "Иван Иванов"),
    ("Solo@Yandex", "Сергей Соловьёв"),
    ("dima_h@", "Дмитрий Хабибуллин"),
    ("@pushkin_a", "Александр Пушкин"),
    ("@Pushkin_A", "Александр Пушкин"),
]

NOBODY = [
    "",
    " ",
    "🌸",
    "абракадабра",
    "@nobody",
    "dimaxh@",
    "0000000",
    "%",
    "_",
    "'",
    "\\",
    "x'):*",
]


@pytest.fixture(name="house")
async def _house(opened: str) -> dict[str, int]:
    ids = {
        name: await people.client(name, phone=phone, email=email)
        for name, (phone, email) in HOUSE.items()
    }
    await people.identity(ids["Александр Пушкин"], await people.channel(), "Pushkin_a")
    return ids


async def test_everybody_is_found_as_people_type(house: dict[str, int]) -> None:
    wrong = {}
    for typed, meant in CASES:
        found = [one.name for one in await queries.search(SYSTEM, typed)]
        if found[:1] != [meant]:
            wrong[typed] = found
    assert wrong == {}


async def test_nobody_is_meant(house: dict[str, int]) -> None:
    assert {text: await queries.search(SYSTEM, text) for text in NOBODY} == {
        text: [] for text in NOBODY
    }


async def test_the_very_name_comes_before_longer_ones(house: dict[str, int]) -> None:
    assert [one.name for one in await queries.search(SYSTEM, "мар")][:2] != []
    assert {one.name for one in await queries.search(SYSTEM, "мар")} == {"Мария", "Марина Морозова"}


async def test_pages_of_a_search_do_not_overlap(opened: str) -> None:
    ids = {await people.client(f"Иван Петров {number}") for number in range(30)}
    pages = [
        await queries.search(SYSTEM, "петров", limit=12, offset=start) for start in (0, 12, 24)
    ]
    assert [len(page) for page in pages] == [12, 12, 6]
    assert {one.id for page in pages for one in page} == ids


async def test_folded_cards_are_not_found(house: dict[str, int]) -> None:
    kept, gone = house["Иван Иванов"], house["Сергей Соловьёв"]
    merge = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)
    assert await queries.search(SYSTEM, "Соловьёв") == []
    assert [one.id for one in await queries.search(SYSTEM, "+79031112233")] == [kept]
    await merging.unmerge(SYSTEM, merge_id=merge.merge_id)
    assert [one.id for one in await queries.search(SYSTEM, "+79031112233")] == [gone]


async def test_a_renamed_client_is_found_with_slips(house: dict[str, int]) -> None:
    await db.execute("UPDATE client SET folded = 'верещагин' WHERE id = $1", house["Мария"])
    assert [one.id for one in await queries.search(SYSTEM, "Верищагин")] == [house["Мария"]]


async def test_my_clients_come_latest_first(house: dict[str, int]) -> None:
    anna = await people.employee()
    mine = [house["Иван Иванов"], house["Мария"], house["John Smith"]]
    await db.execute("UPDATE client SET manager_id = $2 WHERE id = ANY($1)", mine, anna.id)
    await db.execute("UPDATE client SET touched_at = now() + interval '1 h' WHERE id = $1", mine[1])
    page, total = await queries.my_clients(anna.id, limit=2)
    assert (page[0].id, len(page), total) == (mine[1], 2, 3)
    assert page[0].manager_name == anna.name
    rest, _ = await queries.my_clients(anna.id, limit=2, offset=2)
    assert {one.id for one in (*page, *rest)} == set(mine)


async def test_messages_are_found_by_their_words(house: dict[str, int]) -> None:
    anna, boris = await people.employee(), await people.employee(name="Борис")
    head = await people.employee(Role.HEAD)
    identity = await people.identity(house["Мария"], await people.channel("Сайт"))
    dialog = await people.dialog(identity, assignee_id=anna.id)
    contract = await people.message(dialog, "Добрый день, когда будет готов договор на поставку?")
    await people.message(dialog, "Спасибо, жду")
    for typed in (
        "договор",
        "договоры",
        "догов",
        "готов договора",
        '"готов договор"',
        "договор -счёт",
    ):
        assert [one.id for one in await search_messages(anna, typed)] == [contract], typed
    for typed in ("счёт", "договор -поставка", "", "  ", "'", ":*", "!", '"', "\\"):
        assert await search_messages(anna, typed) == [], typed
    assert [one.id for one in await search_messages(head, "договор")] == [contract]
    assert await search_messages(boris, "договор") == []
    found = (await search_messages(anna, "договор"))[0]
    assert (found.client_name, found.dialog_id) == ("Мария", dialog)
    assert "договор" in found.snippet


async def test_message_search_asks_for_the_right(opened: str) -> None:
    stranger = Actor(kind="client", id=1)
    with pytest.raises(Forbidden):
        await search_messages(stranger, "договор")
