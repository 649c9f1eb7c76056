"""Answers as mail programs write them: what stands above the quote differs, the quote follows.

(name of the program, the part that must be folded away); the answer itself is put before it.
"""

from __future__ import annotations

QUOTE = """> Добрый день!
> Стоимость доставки 500 руб.
>
> С уважением, Анна"""
PLAIN = """Добрый день!
Стоимость доставки 500 руб.

С уважением, Анна"""
BLOCK = f"""Отправлено: пятница, 15 ноября 2024 г. 10:15
Кому: ivan@example.ru
Тема: Доставка

{PLAIN}"""

CLIENTS: dict[str, str] = {
    "gmail-ru": f"пт, 15 нояб. 2024 г. в 10:15, Анна Котова <anna@shop.example>:\n\n{QUOTE}",
    "gmail-ru-wrapped": (
        "пт, 15 нояб. 2024 г. в 10:15, Анна Котова из отдела продаж магазина\n"
        f"<anna@shop.example>:\n\n{QUOTE}"
    ),
    "gmail-ru-old": (
        f"15 ноября 2024 г., 10:15 пользователь Анна <anna@shop.example> написал:\n\n{QUOTE}"
    ),
    "gmail-en": f"On Fri, Nov 15, 2024 at 10:15 AM Anna <anna@shop.example> wrote:\n\n{QUOTE}",
    "gmail-en-wrapped": (
        f"On Fri, Nov 15, 2024 at 10:15 AM Anna Kotova <\nanna@shop.example> wrote:\n\n{QUOTE}"
    ),
    "yandex": f'15.11.2024, 10:15, "Анна Котова" <anna@shop.example>:\n{QUOTE}',
    "yandex-plain": f'15.11.2024, 10:15, "Анна Котова" <anna@shop.example>:\n{PLAIN}',
    "yandex-bracket": f'15.11.2024, 10:15, "Анна" (anna@shop.example):\n{PLAIN}',
    "yandex-fields": (
        "----------------\nКому: Иван (ivan@example.ru);\nТема: Доставка;\n"
        f'15.11.2024, 10:15, "Анна" <anna@shop.example>:\n{QUOTE}'
    ),
    "mail.ru": (f"Пятница, 15 ноября 2024, 10:15 +03:00 от Анна <anna@shop.example>:\n{QUOTE}"),
    "mail.ru-marked": (
        f">Пятница, 15 ноября 2024, 10:15 +03:00 от Анна <anna@shop.example>:\n> \n{QUOTE}"
    ),
    "mail.ru-plain": (
        f"Пятница, 15 ноября 2024, 10:15 +03:00 от Анна <anna@shop.example>:\n{PLAIN}"
    ),
    "mail.ru-signature": (
        "--\nИван Петров\nОтправлено из Почты Mail.ru\n\n"
        f"Пятница, 15 ноября 2024, 10:15 +03:00 от Анна <anna@shop.example>:\n{QUOTE}"
    ),
    "rambler": f"15.11.2024, 10:15, Анна <anna@shop.example> написал(а):\n{QUOTE}",
    "outlook-ru": f"From: Анна Котова [mailto:anna@shop.example]\n{BLOCK}",
    "outlook-ru-otkogo": f"От: Анна Котова <anna@shop.example>\n{BLOCK}",
    "outlook-dashes": f"-----Исходное сообщение-----\nОт: Анна <anna@shop.example>\n{BLOCK}",
    "outlook-en": (
        "-----Original Message-----\nFrom: Anna [mailto:anna@shop.example]\n"
        f"Sent: Friday, November 15, 2024 10:15 AM\nTo: ivan\nSubject: x\n\n{PLAIN}"
    ),
    "outlook-line": f"________________________________\nОт: Анна <anna@shop.example>\n{BLOCK}",
    "outlook-bold": f"*От:* Анна <anna@shop.example>\n*Отправлено:* 15 ноября\n*Кому:* i\n\n"
    f"{PLAIN}",
    "outlook-phone": (
        "Получить Outlook для iOS<https://aka.ms/o0ukef>\n________________________________\n"
        f"From: Анна <anna@shop.example>\nSent: Friday, November 15, 2024 10:15\nTo: i\n\n{PLAIN}"
    ),
    "outlook-spaced": (
        "От: Анна <anna@shop.example>\n\nОтправлено: 15 ноября 2024 г.\n\nКому: ivan\n\n"
        f"Тема: Доставка\n\n{PLAIN}"
    ),
    "windows-mail": (
        "Отправлено из Почты для Windows\n\nОт: Анна\nОтправлено: 15 ноября 2024 г. в 10:15\n"
        f"Кому: Иван\nТема: Доставка\n\n{PLAIN}"
    ),
    "iphone-ru": f"15 нояб. 2024 г., в 10:15, Анна <anna@shop.example> написал(а):\n\n{QUOTE}",
    "iphone-ru-marked": (
        "Отправлено с iPhone\n\n"
        f"> 15 нояб. 2024 г., в 10:15, Анна Котова <anna@shop.example> написал(а):\n> \n{QUOTE}"
    ),
    "iphone-en": f"Sent from my iPhone\n\n> On 15 Nov 2024, at 10:15, Anna <a@b.ru> wrote:\n"
    f"{QUOTE}",
    "apple-mail": f"15 нояб. 2024 г., в 10:15, Анна Котова <a@b.ru> написал(а):\n\n{QUOTE}",
    "apple-mail-forgetful": f"> 15 нояб. 2024 г., в 10:15, Анна <a@b.ru> написал(а)\n{QUOTE}",
    "thunderbird-ru": f"15.11.2024 10:15, Анна Котова пишет:\n{QUOTE}",
    "thunderbird-name": f"Анна Котова пишет:\n{QUOTE}",
    "thunderbird-en": f"On 15/11/2024 10:15, Анна Котова wrote:\n{QUOTE}",
    "thunderbird-wrote-ru": f"15.11.24 10:15, Анна Котова via Site написал(а):\n{QUOTE}",
    "the-bat": f"Вы писали 15 ноября 2024 г., 10:15:15:\n\n{QUOTE}",
    "the-bat-initials": (
        "Пятница, 15 ноября 2024 г., 10:15:15, Вы написали:\n\n"
        "АК> Добрый день!\nАК> Стоимость доставки 500 руб."
    ),
    "samsung": (
        "-------- Исходное сообщение --------\nОт: Анна <anna@shop.example>\n"
        f"Дата: 15.11.2024 10:15 (GMT+03:00)\nКому: Иван\nТема: Доставка\n\n{PLAIN}"
    ),
    "samsung-signature": (
        "Отправлено с устройства Samsung Galaxy\n\n-------- Исходное сообщение --------\n"
        f"От: Анна <a@b.ru>\nДата: 15.11.2024\n\n{PLAIN}"
    ),
    "k9": f"15 ноября 2024 г. 10:15:15 GMT+03:00, Анна <a@b.ru> пишет:\n{QUOTE}",
    "em-client": (
        '------ Исходное сообщение ------\nОт: "Анна" <a@b.ru>\nКому: "Иван" <i@b.ru>\n'
        f"Дата: 15.11.2024 10:15\nТема: Доставка\n\n{QUOTE}"
    ),
    "roundcube": f"Анна Котова писал 2024-11-15 10:15:\n{QUOTE}",
    "roundcube-new": f"Анна Котова писал(а) 2024-11-15 10:15:\n{QUOTE}",
    "evolution": f"В Пт, 15/11/2024 в 10:15 +0300, Анна Котова пишет:\n{QUOTE}",
    "kmail": (
        f"В письме от пятница, 15 ноября 2024 г. 10:15:15 MSK пользователь Анна написал:\n{QUOTE}"
    ),
    "zimbra": (
        '----- Исходное сообщение -----\nОт: "Анна" <a@b.ru>\nКому: i@b.ru\n'
        f"Отправленные: Пятница, 15 Ноябрь 2024 г 10:15:15\nТема: Доставка\n\n{PLAIN}"
    ),
    "lotus": f"От: Анна/Shop\nКому: Иван/Firm\nДата: 15.11.2024 10:15\nТема: Доставка\n\n{PLAIN}",
    "claws": f"On Fri, 15 Nov 2024 10:15:15 +0300\nАнна <anna@shop.example> wrote:\n\n{QUOTE}",
    "mutt": f"On Fri, Nov 15, 2024 at 10:15:15AM +0300, Anna wrote:\n{QUOTE}",
    "bitrix": f"{QUOTE}",
    "signature-only": "С уважением,\nИван Петров\nдиректор ООО «Ромашка»\n+7 999 111-22-33",
    "signature-line": "--\nИван Петров, тел. +7 999 111-22-33",
    "signature-phone": "Отправлено с iPhone",
    "signature-yandex": "Отправлено из мобильной Яндекс Почты: http://m.ya.ru/ymail",
}
ANSWERS = (
    "Спасибо, нас всё устраивает.",
    "Здравствуйте, Анна!\n\nОформляйте на 12 часов.\nАдрес: Москва, ул. Ленина, 5.",
)

# Nothing of these may be folded away.
WHOLE = (
    "Добрый день!\nПришлите прайс.",
    "Вчера в 10:15 Иван написал: привезите товар. Так и сделали.",
    "Нужно:\n1. Цена\n2. Срок",
    "От: завода\nнужен счёт",
    "Итоги встречи 15.11.2024 в 10:15:\n- цена прежняя\n- срок неделя",
    "Кому: Иванову\nпосылка",
    "Отправлено с курьером, ждите завтра с утра.\n"
    "Позвоните.\nЯ на месте.\nДо 18.\nИли\nв\nдругой\nдень",
    "> 5 штук\nда, берём\n> 7 штук\nнет",
    "С уважением отношусь к вашей работе, но срок сорван.\nКогда будет товар?",
    "---------- Forwarded message ---------\nFrom: a@b.ru\nDate: x\nSubject: y\n\nсмотрите",
    "Посмотрите.\n\n"
    "-------- Пересылаемое сообщение --------\nОт: a@b.ru\nДата: x\nТема: y\n\nтекст",
    "Заранее спасибо за ответ! Когда ждать?",
)

BELOW = (
    "> Добрый день!\n> Цена 500.\n\nСогласен.",
    "15.11.2024 10:15, Анна пишет:\n> Добрый день!\n> Цена 500.\n\nСогласен.",
    "On Fri, Nov 15, 2024 at 10:15 AM Anna <a@b.ru> wrote:\n\n"
    "> Цена 500.\n\nСогласен.\n\n-- \nИван",
)
BETWEEN = (
    "15.11.2024 10:15, Анна пишет:\n> Цена 500.\nСогласен.\n> Срок неделя.\nДолго!",
    "Отвечаю ниже.\n\n"
    "15.11.2024 10:15, Анна пишет:\n> Цена 500.\nСогласен.\n> Срок неделя.\nДолго!",
)
