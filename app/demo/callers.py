"""Who rings the demo's company, and what is said then. Data only."""

from __future__ import annotations

from sandbox.asterisk.dialogue import Line
from sandbox.asterisk.exchange import Caller

NUMBER = "+7 495 001-12-77"
EXTENSIONS = ("101", "102", "103")
SERGEY, OLGA, STRANGER = "+79161234510", "+79161234511", "+74957778899"
# (client of the past, number, which manager is theirs)
OWNERS = (("Сергей Волков", SERGEY, 0), ("Ольга Белова", OLGA, 1))
# Pitch of a voice: the company's people and the callers sound unlike.
COMPANY, HE, SHE = 62, 35, 75

TALKS = {
    "ru": {
        SERGEY: (
            HE,
            "Цветочная лавка «Ромашка», здравствуйте!",
            "Добрый день! Это Сергей Волков. Композиция на четверг будет готова к девяти?",
            "Да, Сергей, привезём ровно к девяти утра.",
            "Отлично, спасибо! До свидания.",
        ),
        OLGA: (
            SHE,
            "Цветочная лавка «Ромашка», добрый день!",
            "Здравствуйте, это Ольга Белова. Спасибо за новый букет, он чудесный!",
            "Ольга, мы очень рады! Будем ждать вас снова.",
            "Тогда сразу закажу ещё один, маме на юбилей, в субботу.",
        ),
        STRANGER: (
            HE,
            "Цветочная лавка «Ромашка», чем могу помочь?",
            "Здравствуйте! Меня зовут Павел. Вы оформляете свадьбы?",
            "Да, Павел. Расскажите, пожалуйста, когда и на сколько гостей.",
            "В июне, человек на сорок. Пришлите, пожалуйста, примеры.",
        ),
    },
    "en": {
        SERGEY: (
            HE,
            "Romashka flower shop, good afternoon!",
            "Hello, Sergey Volkov here. Will the arrangement for Thursday be ready by nine?",
            "Yes, Sergey, we'll bring it at nine sharp.",
            "Great, thank you! Goodbye.",
        ),
        OLGA: (
            SHE,
            "Romashka flower shop, hello!",
            "Hello, this is Olga Belova. Thank you for the new bouquet, it is lovely!",
            "We are so glad, Olga. Come again!",
            "Then let me order one more at once, for my mother's birthday on Saturday.",
        ),
        STRANGER: (
            HE,
            "Romashka flower shop, how can I help?",
            "Hello! My name is Paul. Do you decorate weddings?",
            "We do, Paul. When is it, and how many guests will come?",
            "In June, about forty people. Please send me some examples.",
        ),
    },
}
NAMES = {
    SERGEY: ({"ru": "Сергей Волков", "en": "Sergey Volkov"}, {"ru": "клиент Анны", "en": "Anna's"}),
    OLGA: ({"ru": "Ольга Белова", "en": "Olga Belova"}, {"ru": "клиент Бориса", "en": "Boris's"}),
    STRANGER: (
        {"ru": "Незнакомый номер", "en": "An unknown number"},
        {"ru": "звонит впервые", "en": "calls for the first time"},
    ),
}


def _callers(language: str) -> tuple[Caller, ...]:
    return tuple(_caller(number, language) for number in (SERGEY, OLGA, STRANGER))


def _caller(number: str, language: str) -> Caller:
    pitch, *texts = TALKS[language][number]
    assert isinstance(pitch, int)  # noqa: S101 - the data above
    name, about = NAMES[number]
    lines = tuple(
        Line(str(text), language, pitch if at % 2 else COMPANY) for at, text in enumerate(texts)
    )
    return Caller(id=number, name=name, number=number, about=about, lines=lines)


CALLERS = {language: _callers(language) for language in TALKS}
