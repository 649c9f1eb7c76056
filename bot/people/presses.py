"""Buttons of contact persons and requisites. `back` is a trail (bot.trail) of the card above."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Side = Literal["c", "p"]  # seen from the company, from the person
Field = Literal["inn", "kpp", "ogrn", "name", "addr"]
Do = Literal[
    "one",  # a person in a company
    "join",  # link them
    "pos",  # which position
    "set",  # this position, `at` names it
    "own",  # a position of one's own words
    "main",
    "less",  # no longer the main one
    "drop",
    "undo",  # put back what was dropped
]


class PeoplePress(CallbackData, prefix="pl"):
    """The other side of card `id`: people of a company, companies of a person."""

    do: Literal["list", "add", "new", "kind"]
    id: int
    page: int = 0
    back: str = ""


class PersonPress(CallbackData, prefix="pp"):
    """Something with the contact person `id` of company `of`; `side`: from whose list."""

    do: Do
    of: int
    id: int
    side: Side = "c"
    at: str = ""
    back: str = ""


class RequisitesPress(CallbackData, prefix="pq"):
    """The requisites of card `id`; a `field` of them to be written anew."""

    id: int
    field: Field | Literal[""] = ""
    back: str = ""
