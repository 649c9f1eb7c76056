"""A name taken apart as duplicates compare it: words, legal form, is it a name at all. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crm_core.clients.folding import fold, folded_words, legal_form

FATHER = re.compile(r"\w{2,}(?:[оеи]вич|[оеи]вна|ична|илич|кузмич|фомич|лукич|[иаов]ныч)|оглы|кызы")
# What stands in the name's place when nobody knows it.
PLACEHOLDERS = frozenset(
    fold(one)
    for one in [
        "клиент",
        "гость",
        "посетитель",
        "пользователь",
        "аноним",
        "неизвестный",
        "неизвестно",
        "неизвестная",
        "имени",
        "без",
        "имя",
        "нет",
        "новый",
        "новая",
        "покупатель",
        "контакт",
        "абонент",
        "лид",
        "заявка",
        "сайта",
        "с",
        "от",
        "user",
        "client",
        "guest",
        "visitor",
        "unknown",
        "anonymous",
        "customer",
        "new",
        "lead",
        "the",
        "name",
        "no",
        "test",
        "тест",
        "номер",
        "звонок",
    ]
)
_HANDLE = re.compile(r"@|_|\d{3,}|^\+?[\d\s()-]+$|^[a-z]+\d+$|^\S+\.\S+\.?\S*$")
# Words many companies share; alone they name nobody.
GENERIC = frozenset(
    fold(one)
    for one in [
        "автосервис",
        "автомойка",
        "автозапчасти",
        "шиномонтаж",
        "магазин",
        "магазинчик",
        "цветы",
        "аптека",
        "стоматология",
        "кафе",
        "ресторан",
        "столовая",
        "пекарня",
        "кофейня",
        "бар",
        "гостиница",
        "отель",
        "салон",
        "красоты",
        "парикмахерская",
        "студия",
        "компания",
        "фирма",
        "группа",
        "центр",
        "сервис",
        "завод",
        "фабрика",
        "склад",
        "офис",
        "клиника",
        "школа",
        "детский",
        "сад",
        "лицей",
        "гимназия",
        "типография",
        "агентство",
        "недвижимость",
        "недвижимости",
        "мебель",
        "окна",
        "двери",
        "продукты",
        "строитель",
        "стройка",
        "стройматериалы",
        "торговый",
        "дом",
        "тд",
        "гк",
        "пк",
        "тк",
        "производственная",
        "производство",
        "транспортная",
        "логистика",
        "доставка",
        "ремонт",
        "квартир",
        "такси",
        "юрист",
        "юридическая",
        "бухгалтерия",
        "фитнес",
        "клуб",
        "туризм",
        "турагентство",
        "и",
        "в",
        "на",
        "company",
        "group",
        "shop",
        "store",
        "service",
    ]
)
BRANCH = frozenset(
    fold(one) for one in ["филиал", "отделение", "представительство", "склад", "офис", "цех"]
)
# Forms under which a person does business in their own name.
OWN_NAME = frozenset({"ип", "чп", "фоп", "спд"})


@dataclass(frozen=True, slots=True)
class Name:
    """`words` folded, as written; `legal` the legal form if one is named; `known` is False for
    numbers, handles and words like «Клиент»."""

    words: tuple[str, ...]
    legal: str | None
    company: bool
    known: bool


@lru_cache(maxsize=20_000)
def parse(name: str, kind: str = "person") -> Name:
    """Take a card's name apart; `kind` is the card's."""
    words, legal = folded_words(name), legal_form(name)
    trade = legal is not None and legal not in OWN_NAME
    company = trade or (kind == "company" and legal is None) or bool(re.search('[«"“„]', name))
    return Name(words, legal, company, _known(name, words, company=company))


def _known(name: str, words: tuple[str, ...], *, company: bool) -> bool:
    letters = [one for one in words if len(one) > 1 and not one.isdecimal()]
    if not letters or all(one in PLACEHOLDERS for one in letters):
        return False
    return company or " " in name.strip() or not _HANDLE.search(name.strip().casefold())


def is_father(word: str) -> bool:
    """Whether a folded word reads as a patronymic."""
    return FATHER.fullmatch(word) is not None
