"""Where a signature begins: the dashes, the farewell, the line a phone adds. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_LINES = 14
LONGEST_LINE = 120

DASHES = re.compile(r"(?:--|—|––|-- )\s*$")
# Lines that devices and programs add by themselves.
DEVICE = re.compile(
    r"\s*[*_]*(?:(?:Отправлено|Отослано|Надіслано) (?:с |со |из |при помощи |через |в |от |з )"
    r"|Отправлено мобильной|Отправлено(?:\s*-\s*|\s+)Yandex"
    r"|(?:Получить|Загрузить|Скачать) Outlook (?:для|на)|Get Outlook for"
    r"|Sent (?:from|via|with|using) (?:my |the |a |Yahoo|Mail|Outlook|Samsung|Proton|Windows|Gmail)"
    r"|Sent from \w+$|Написано с |Это письмо отправлено с |Послано с |Простите за краткость"
    r"|Извините за краткость|Пожалуйста, извините за краткость)",
    re.IGNORECASE,
)
FAREWELL = re.compile(
    r"\s*[*_]*(?:(?:с|c)\s+(?:большим\s+|глубоким\s+|искренним\s+)?(?:уважением|почтением)"
    r"|с\s+наилучшими(?:\s+пожеланиями)?|(?:с\s+)?(?:всего|самого)\s+(?:наи)?(?:доброго|лучшего)"
    r"|с\s+благодарностью|заранее\s+(?:благодар\w+|спасибо)|хорошего\s+(?:дня|вечера)"
    r"|всего\s+хорошего|искренне\s+ваш\w*|до\s+свидания|с\s+надеждой\s+на\s+сотрудничество"
    r"|best\s+(?:regards|wishes)|kind\s+regards|(?:with\s+)?(?:warm|many\s+)?\s*regards"
    r"|yours\s+(?:sincerely|faithfully|truly)|sincerely(?:\s+yours)?|cheers|many\s+thanks)"
    r"\s*[,.!–—-]*\s*(?P<rest>.{0,60})$",
    re.IGNORECASE,
)
ENDING = re.compile(r"[.?!;]\s*$")


def start(lines: Sequence[str]) -> int:
    """The line where the signature begins; `len(lines)` when there is none."""
    end = len(lines)
    for at in range(max(0, end - MOST_LINES - 6), end):
        if _begins(lines, at) and any(line.strip() for line in lines[:at]):
            return at
    return end


def _begins(lines: Sequence[str], at: int) -> bool:
    rest = [line for line in lines[at + 1 :] if line.strip()]
    if DEVICE.match(lines[at]):
        return len(rest) <= 6
    if len(rest) > MOST_LINES:
        return False
    if DASHES.match(lines[at]):
        return True
    return _is_farewell(lines[at]) and all(_is_card_line(line) for line in rest)


def _is_farewell(line: str) -> bool:
    """“С уважением, Иван” is; “с уважением отнеситесь к срокам поставки” is not."""
    match = FAREWELL.match(line)
    if match is None:
        return False
    rest = match["rest"].strip()
    return not rest or "," in line[: match.start("rest")] or rest[:1].isupper()


def _is_card_line(line: str) -> bool:
    """A line of a card: a name, a post, a phone, not a sentence."""
    text = line.strip()
    return len(text) <= LONGEST_LINE and "?" not in text[-1:]
