"""The labelled pairs: what was written by hand, and what a generator of people makes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_core.clients.rules import normalize_email, normalize_phone
from crm_core.duplicates.records import inn_among
from crm_core.duplicates.rules import Compared

HAND = Path(__file__).with_name("pairs_by_hand.txt")
Chance = random.Random


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two cards, whether they are one client, and what makes it hard."""

    same: bool
    left: Compared
    right: Compared
    why: str


def by_hand() -> list[Labelled]:
    """Pairs of the file beside."""
    found = []
    for line in HAND.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            answer, left, right, why = (part.strip() for part in line.split("|"))
            found.append(Labelled(answer == "yes", _card(left), _card(right), why))
    return found


def _card(text: str) -> Compared:
    kind = "company" if "[company]" in text else "person"
    name, *rest = (part.strip() for part in text.replace("[company]", "").split(";"))
    mails = frozenset(mail for one in rest if (mail := normalize_email(one)))
    inn = inn_among([one for one in rest if one.startswith("inn=")])
    others = [one for one in rest if "=" not in one and "@" not in one]
    phones = frozenset(phone for one in others if (phone := normalize_phone(one)))
    assert len(mails) + len(phones) + bool(inn) == len(rest), text
    return Compared(kind=kind, name=name, phones=phones, mails=mails, inn=inn)


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = _words(
    "Абрамов Агафонов Анисимов Астахов Баранов Богомолов Бурмистров Васнецов Воробьёв"
    " Гаврилов Голованов Горбачёв Дементьев Дорофеев Емельянов Жаворонков Завьялов Звягинцев"
    " Калашников Карташов Колесников Кондратьев Лаврентьев Логинов Малышев Мельников Назаров"
    " Овчинников Панфилов Прохоров Рыбаков Самойлов Селезнёв Терентьев Устинов Филатов"
    " Харитонов Черкасов Шестаков Щербаков"
)
MEN = _words("Иван Пётр Андрей Сергей Дмитрий Алексей Михаил Николай Фёдор Юрий Григорий Владимир")
WOMEN = _words("Анна Мария Елена Ольга Татьяна Наталья Ирина Светлана Юлия Екатерина Людмила")
FATHERS = _words("Иванов Петров Андреев Сергеев Дмитриев Алексеев Михайлов Николаев Фёдоров")
SHORT = {
    "Иван": "Ваня", "Пётр": "Петя", "Сергей": "Серёжа", "Дмитрий": "Дима", "Алексей": "Лёша",
    "Михаил": "Миша", "Николай": "Коля", "Владимир": "Вова", "Анна": "Аня", "Мария": "Маша",
    "Елена": "Лена", "Ольга": "Оля", "Татьяна": "Таня", "Наталья": "Наташа", "Ирина": "Ира",
}  # fmt: skip
FIRMS = _words(
    "Горизонт Метеорит Прогресс Империал Континент Кристалл Магистраль Навигатор Перспектива"
    " Престиж Родничок Сибирячка Стройресурс Теплосеть Универсал Фаворит Электропром"
)
FORMS = ("ООО", "АО", "ЗАО", "Общество с ограниченной ответственностью", "ПАО")
SOUNDS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
LATIN = {
    char: sound.strip("-")
    for char, sound in zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _words(SOUNDS), strict=True)
}


def generated(seed: int, count: int) -> Iterator[Labelled]:
    """`count` pairs, a half of them the same client."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    for number in range(count):
        make = chance.choice(SAME if number % 2 else DIFFERENT)
        left, right = make(chance)
        if chance.random() < 0.5:
            left, right = right, left
        yield Labelled(bool(number % 2), left, right, make.__name__.strip("_"))


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody as they are; cards say less of them."""

    surname: str
    first: str
    father: str
    phone: str
    mail: str

    @property
    def full(self) -> str:
        return f"{self.surname} {self.first} {self.father}"


def _human(chance: Chance) -> Human:
    woman = chance.random() < 0.5
    father = chance.choice(FATHERS)
    surname = chance.choice(SURNAMES) + ("а" if woman else "")
    first = chance.choice(WOMEN if woman else MEN)
    handle = f"{_latin(first)}{chance.randrange(10**6)}".lower()
    return Human(
        surname,
        first,
        father + ("на" if woman else "ич"),
        f"+79{chance.randrange(10**9):09}",
        f"{handle}@{chance.choice(('mail.ru', 'gmail.com', 'yandex.ru'))}",
    )


def _latin(text: str) -> str:
    return "".join(
        LATIN.get(char.lower(), char).title() if char.isupper() else LATIN.get(char, char)
        for char in text
    )


def _typo(chance: Chance, word: str) -> str:
    """A letter lost, doubled, swapped or replaced, never the first one."""
    at = chance.randrange(1, len(word) - 1)
    head, char, tail = word[:at], word[at], word[at + 1 :]
    match chance.randrange(4):
        case 0:
            return head + tail
        case 1:
            return head + char + char + tail
        case 2:
            return head + tail[0] + char + tail[1:]
        case _:
            return head + chance.choice("аеионрст") + tail


def _called(chance: Chance, one: Human) -> str:
    """A way the same person is written down elsewhere."""
    ways: list[Callable[[], str]] = [
        lambda: f"{one.first} {one.surname}",
        one.full.upper,
        lambda: _latin(f"{one.first} {one.surname}"),
        lambda: f"{one.surname} {one.first[0]}. {one.father[0]}.",
        lambda: f"{one.surname} {one.first[0]}.",
        lambda: f"{SHORT.get(one.first, one.first)} {one.surname}",
        lambda: SHORT.get(one.first, one.first),
        lambda: f"{_typo(chance, one.surname)} {one.first}",
        lambda: f"{one.first} {one.father}",
        lambda: one.full.replace("ё", "е"),
    ]
    return chance.choice(ways)()


def _spelt(chance: Chance, mail: str) -> str:
    """The same box as its owner may write it."""
    name, _at, domain = mail.partition("@")
    if domain == "gmail.com" and chance.random() < 0.5:
        return f"{name[:2]}.{name[2:]}+news@googlemail.com"
    if domain == "yandex.ru" and chance.random() < 0.5:
        return f"{name}@ya.ru"
    return mail


def _person(name: str, phone: str = "", mail: str = "") -> Compared:
    return Compared(name=name, phones=frozenset({phone} - {""}), mails=frozenset({mail} - {""}))


def _firm(name: str, inn: str | None = None, mail: str = "", phone: str = "") -> Compared:
    return Compared(
        kind="company",
        name=name,
        inn=inn,
        phones=frozenset({phone} - {""}),
        mails=frozenset({mail} - {""}),
    )


Made = tuple[Compared, Compared]


def _one_phone(chance: Chance) -> Made:
    one = _human(chance)
    return _person(one.full, one.phone), _person(_called(chance, one), one.phone)


def _one_box(chance: Chance) -> Made:
    one = _human(chance)
    return _person(one.full, mail=one.mail), _person(
        _called(chance, one), f"+79{chance.randrange(10**9):09}", _spelt(chance, one.mail)
    )


def _full_name(chance: Chance) -> Made:
    """Nothing but the whole name, written another way."""
    one = _human(chance)
    ways = [
        f"{one.first} {one.father} {one.surname}",
        one.full.upper(),
        _latin(one.full),
        f"{one.surname} {one.first[0]}. {one.father[0]}.",
    ]
    return _person(one.full, one.phone), _person(chance.choice(ways))


def _one_company(chance: Chance) -> Made:
    firm, domain = chance.choice(FIRMS), f"firma{chance.randrange(10**5)}.ru"
    written = chance.choice([f"{firm}, ООО", f"ООО {firm.upper()}", _typo(chance, firm), firm])
    if chance.random() < 0.5:
        return (
            _firm(f"ООО «{firm}»", mail=f"info@{domain}"),
            _firm(written, mail=f"zakaz@{domain}"),
        )
    return _firm(f"ООО «{firm}»", inn="7707083893"), _firm(written, inn="7707083893")


def _company_name(chance: Chance) -> Made:
    firm, form = chance.choice(FIRMS), chance.choice(FORMS)
    return _firm(f"{form} «{firm}»"), _firm(chance.choice([firm, f"{firm} {form}", firm.upper()]))


def _namesakes(chance: Chance) -> Made:
    one = _human(chance)
    two = _person(chance.choice([one.full, f"{one.first} {one.surname}"]), _human(chance).phone)
    return _person(one.full, one.phone), two


def _family(chance: Chance) -> Made:
    one = _human(chance)
    root = one.surname.removesuffix("а")
    others = [
        f"{root}{'а' * (first in WOMEN)} {first}" for first in (*MEN, *WOMEN) if first != one.first
    ]
    return _person(one.full, one.phone), _person(chance.choice(others), one.phone)


def _strangers(chance: Chance) -> Made:
    """The number went to somebody else."""
    one, two = _human(chance), _human(chance)
    while two.surname.removesuffix("а") == one.surname.removesuffix("а") or two.first == one.first:
        two = _human(chance)
    return _person(one.full, one.phone), _person(f"{two.first} {two.surname}", one.phone)


def _colleagues(chance: Chance) -> Made:
    domain = f"zavod{chance.randrange(10**5)}.ru"
    one, two = _human(chance), _human(chance)
    while two.surname.removesuffix("а") == one.surname.removesuffix("а"):
        two = _human(chance)
    return (
        _person(one.full, mail=f"{_latin(one.surname).lower()}@{domain}"),
        _person(two.full, mail=f"{_latin(two.surname).lower()}@{domain}"),
    )


def _branches(chance: Chance) -> Made:
    firm = chance.choice(FIRMS)
    one, two = chance.sample(["Казань", "Самара", "Пермь", "Тверь", "Омск", "№ 3", "№ 14"], 2)
    return _firm(f"{firm} {one}", inn="7707083893"), _firm(f"{firm} {two}", inn="7707083893")


def _two_firms(chance: Chance) -> Made:
    firm, other = chance.sample(FIRMS, 2)
    phone = f"+7843{chance.randrange(10**7):07}"
    if chance.random() < 0.5:
        return _firm(f"ООО «{firm}»", phone=phone), _firm(f"ООО «{other}»", phone=phone)
    return _firm(f"ООО «{firm}»", inn="7707083893"), _firm(f"ООО «{firm}»", inn="7728168971")


def _contact_person(chance: Chance) -> Made:
    firm, domain = chance.choice(FIRMS), f"firma{chance.randrange(10**5)}.ru"
    mail = f"info@{domain}"
    return _firm(f"ООО «{firm}»", mail=mail), _person(_human(chance).full, mail=mail)


SAME = (_one_phone, _one_box, _full_name, _one_company, _company_name)
DIFFERENT = (
    _namesakes, _family, _strangers, _colleagues, _branches, _two_firms, _contact_person,
)  # fmt: skip
