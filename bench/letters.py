"""Believable business mail for a large mailbox: plain, with HTML and quotes, with files."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bench import people

WRITERS = 400
WORDS = (
    "заказ счёт доставка куртка размер склад цена скидка договор оплата накладная образец завтра",
    "сегодня можно нужно пожалуйста подскажите когда сколько ещё ответ жду спасибо менеджер",
)
VOCABULARY = [word for line in WORDS for word in line.split()]


def letter(number: int, address: str, at: datetime) -> bytes:
    """The mail of this number: every tenth has a file of 30 KB, every third quotes another."""
    chance = random.Random(number)
    writer = number % WRITERS
    name = f"{people.MALE[writer % len(people.MALE)]} {people.ROOTS[writer % len(people.ROOTS)]}ов"
    found = EmailMessage(policy=SMTP)
    found["From"] = f"{name} <c{writer}@client{writer % 40}.test>"
    found["To"] = address
    found["Subject"] = f"{'Re: ' if number % 3 == 0 else ''}Заказ {number}"
    found["Message-ID"] = f"<{number}.bench@client{writer % 40}.test>"
    found["Date"] = format_datetime(at + timedelta(seconds=number))
    text = f"Здравствуйте! Номер {number}.\n{_words(chance, 60)}\n\n-- \n{name}\nООО «Ромашка»\n"
    quote = f"\n08.03.2026, 10:00, Магазин <{address}>:\n> " + _words(chance, 80)
    charset = "windows-1251" if number % 5 == 0 else "utf-8"
    found.set_content(text + quote * (number % 3 == 0), charset=charset)
    if number % 2:
        found.add_alternative(_html(text, quote if number % 3 == 0 else ""), subtype="html")
    if number % 10 == 0:
        content = chance.randbytes(30_000)
        found.add_attachment(content, maintype="application", subtype="pdf", filename="Счёт.pdf")
    return bytes(found)


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(VOCABULARY, k=count))


def _html(text: str, quote: str) -> str:
    lines = "".join(f"<p style='margin:0'>{line}</p>" for line in text.split("\n"))
    return f"<html><body>{lines}<blockquote>{quote}</blockquote></body></html>"
