"""Telegram updates of clients as the provider would post them. Pure."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from bench.wire import request

FIRST_CLIENT = 610_000_000
# Numbers of a whole run never repeat: message ids, update ids and texts are made of them.
numbers = itertools.count(1)
_MARK = re.compile(r"№(\d+)\.")


def mark(number: int) -> str:
    """What tells a text from all others."""
    return f"№{number}."


def marks(text: str) -> list[int]:
    """Numbers of all the texts that a notice shows."""
    return [int(found) for found in _MARK.findall(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A clients' bot: where its updates are posted."""

    channel_id: int
    host: str
    path: str
    secret: str

    def post(self, number: int, chat: int, name: str) -> bytes:
        """The request that brings message `number` of a client."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        return request(self.host, self.path, headers, update(number, chat, name))


def update(number: int, chat: int, name: str) -> bytes:
    """A client's text message."""
    person = {"id": chat, "first_name": name, "language_code": "ru"}
    return orjson.dumps(
        {
            "update_id": 500_000_000 + number,
            "message": {
                "message_id": number,
                "from": person | {"is_bot": False},
                "chat": {"id": chat, "first_name": name, "type": "private"},
                "date": int(time.time()),
                "text": f"Здравствуйте! Есть ли доставка в субботу? Заказ {mark(number)}",
            },
        }
    )


def client_name(index: int) -> str:
    return f"Клиент {index}"


def spread(doors: list[Door], seats: list[tuple[int, int]]) -> Callable[[int], bytes]:
    """Requests round the dialogs: `seats` are (index of the door, client's chat)."""
    turn = itertools.cycle(seats)

    def make(number: int) -> bytes:
        door, chat = next(turn)
        return doors[door].post(number, chat, client_name(chat))

    return make
