"""What words mean: yes and no, digits, names, topics, times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from telephony.voicebot.moments import moment_in
from telephony.voicebot.numbers import digits
from telephony.voicebot.understanding import Topic, is_yes, name_in, topic_of, wants_person

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("семь", "7"),
        ("девять один шесть", "916"),
        ("девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь", "9161234567"),
        ("восемь восемьсот ноль ноль", "880000"),
        ("двадцать двадцать", "2020"),
        ("сто", "100"),
        ("сто один", "101"),
        ("девяносто девять девять", "999"),
        ("одиннадцать два", "112"),
        ("мой номер семь потом пять", "75"),
        ("8 916 семь", "89167"),
        ("nine one six twenty three", "91623"),
        ("привет", ""),
        ("", ""),
    ],
)
def test_digits(said: str, row: str) -> None:
    assert digits(said) == row


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("да", True), ("ага верно", True), ("нет", False), ("не надо", False), ("не хочу", False),
        ("неверно", False), ("нет спасибо да", False), ("да нет наверное", None),
        ("апельсин", None), ("", None),
    ],
)  # fmt: skip
def test_yes_and_no(said: str, meant: bool | None) -> None:
    assert is_yes(said, "ru") is meant


def test_english_too() -> None:
    assert is_yes("yes please", "en") is True
    assert is_yes("no", "en") is False
    assert wants_person("i want to speak to an operator", "en")
    assert name_in("my name is john smith", "en") == "John Smith"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("меня зовут иван петров", "Иван Петров"),
        ("здравствуйте это анна", "Анна"),
        ("иван", "Иван"),
        ("меня зовут", ""),
        ("", ""),
    ],
)
def test_names(said: str, name: str) -> None:
    assert name_in(said, "ru") == name


def test_topics() -> None:
    topics = (Topic("Доставка", ("курьер", "заказ")), Topic("Оплата", ("счёт", "деньги")))
    assert topic_of("где мой заказ и курьер и счёт", topics) == "Доставка"
    assert topic_of("верните деньги", topics) == "Оплата"
    assert topic_of("добрый день", topics) == ""
    assert topic_of("заказ", ()) == ""


@pytest.mark.parametrize(
    ("said", "day", "hour"),
    [
        ("завтра утром", 21, 10),
        ("завтра в пять вечера", 21, 17),
        ("сегодня вечером", 20, 18),
        ("сегодня в шестнадцать", 20, 16),
        ("послезавтра", 22, 10),
        ("в 15", 20, 15),
        ("в десять", 21, 10),  # ten has passed: tomorrow
        ("сегодня утром", 20, 12),  # has passed: as soon as possible
        ("сегодня", 20, 12),
        ("как можно скорее", 20, 12),
        ("tomorrow afternoon", 21, 14),
        ("at five pm", 20, 17),
    ],
)
def test_times(said: str, day: int, hour: int) -> None:
    assert moment_in(said, NOON) == datetime(2026, 11, day, hour, 0, tzinfo=UTC)


def test_no_time() -> None:
    assert moment_in("не знаю", NOON) is None
    assert moment_in("", NOON) is None
