"""Believable Russian names, phones and phrases for the generator. Pure."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from crm_core.clients.rules import fold


def _words(text: str) -> list[str]:
    return text.split()


MALE = _words(
    "Александр Алексей Анатолий Андрей Антон Артём Борис Вадим Валентин Валерий Василий Виктор"
    " Виталий Владимир Владислав Вячеслав Геннадий Георгий Григорий Даниил Денис Дмитрий Евгений"
    " Егор Иван Игорь Илья Кирилл Константин Леонид Максим Матвей Михаил Никита Николай Олег"
    " Павел Пётр Роман Руслан Сергей Станислав Степан Тимур Фёдор Юрий Ярослав"
)
FEMALE = _words(
    "Алина Алла Анастасия Анна Валентина Валерия Варвара Вера Вероника Виктория Галина Дарья"
    " Диана Евгения Екатерина Елена Елизавета Жанна Зоя Инна Ирина Кира Кристина Ксения Лариса"
    " Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина"
    " Раиса Светлана София Тамара Татьяна Ульяна Юлия Яна"
)
FATHERS = _words(
    "Александр Алексей Андрей Антон Борис Вадим Валентин Виктор Владимир Герман Денис Иван Кирилл"
    " Константин Леонид Максим Михаил Олег Павел Роман Сергей Степан Тимур Фёдор"
)
ROOTS = _words(
    "Абрам Агаф Аким Аксён Андр Анис Афон Бар Бел Бобр Бог Бород Бур Быстр Вас Вол Ворон Высот"
    " Гавр Гол Горб Горд Гром Гус Дан Дем Дол Дроб Дьяч Ерем Ерш Ефим Жар Жиг Жук Зайц Зим Злат"
    " Игн Ильч Кабан Калин Карп Клим Кобел Ков Козл Комар Кон Кор Кот Кравц Кругл Крыл Кузн Кул"
    " Лавр Лап Лебед Лис Лог Лук Май Мак Марк Март Матв Мельн Мир Мор Мороз Мур Мясн Наз Некр"
    " Ник Нов Орл Осип Остр Панк Пах Петр Пил Плот Пол Попов Пот Прох Пуст Род Рож Рыб Рыж Сав"
    " Сам Сафр Свир Сел Сер Сид Сит Скор Смирн Собол Сок Сол Сор Степ Стрел Сух Тар Тверд Тим"
    " Тих Ткач Трет Троф Туман Ус Фад Фил Фом Хар Хом Цвет Чай Черн Чист Шап Шар Шест Шир Щерб Юд"
)
MIDDLES = ("", "ан", "ик", "ин", "он", "ов", "ух", "ыш", "ях", "ец", "яр", "ок", "ил", "ам")
ENDINGS = (("ов", "ова"), ("ев", "ева"), ("ин", "ина"), ("ский", "ская"), ("енко", "енко"))

OPENINGS = (
    "Здравствуйте! Подскажите, пожалуйста, есть ли в наличии",
    "Добрый день, хочу заказать",
    "Когда привезут",
    "Сколько стоит",
    "Можно ли вернуть",
    "Не пришёл счёт за",
    "Спасибо, получили",
    "Уточните, пожалуйста, срок доставки на",
    "Да, конечно, оформляю",
    "Отправили сегодня",
)
GOODS = (
    "кухонный стол из дуба",
    "букет белых роз",
    "зимние шины на восемнадцать",
    "стиральную машину",
    "детскую кроватку",
    "ноутбук с большим экраном",
    "кофемашину и зёрна",
    "комплект штор",
    "обои для спальни",
    "велосипед с корзиной",
    "ламинат светлый",
    "билеты на субботу",
)
CLOSINGS = (
    "?",
    " в Казань?",
    " до пятницы.",
    " для офиса, две штуки.",
    ". Спасибо!",
    " со скидкой?",
)


@dataclass(frozen=True, slots=True)
class Names:
    """Parallel lists: a name and its folded words (see clients.folding)."""

    shown: list[str]
    folded: list[str]


def _names(words: list[str]) -> Names:
    return Names(words, [fold(word) for word in words])


def surnames(*, female: bool) -> Names:
    """Some ten thousand."""
    found = [
        root + middle + ending[female]
        for root, middle, ending in itertools.product(ROOTS, MIDDLES, ENDINGS)
    ]
    random.Random(7).shuffle(found)
    return _names(found)


def first_names(*, female: bool) -> Names:
    return _names(FEMALE if female else MALE)


def patronymics(*, female: bool) -> Names:
    return _names([_patronymic(father, female=female) for father in FATHERS])


def _patronymic(father: str, *, female: bool) -> str:
    stem, softly = (father[:-1], True) if father[-1] in "йь" else (father, False)
    return stem + ("ев" if softly else "ов") + ("на" if female else "ич")


def texts() -> list[str]:
    """Some hundreds of things clients and managers say."""
    return [
        f"{opening} {good}{closing}"
        for opening, good, closing in itertools.product(OPENINGS, GOODS, CLOSINGS)
    ]
