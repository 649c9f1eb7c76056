"""Buttons of the set-up: only administrators get them."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


class FieldsPress(CallbackData, prefix="sf"):
    """Fields of clients' cards. `value`: a kind, an option's key or a page."""

    do: Literal[
        "list",
        "show",
        "kinds",
        "add",
        "rename",
        "require",
        "archive",
        "up",
        "options",
        "option",
        "newopt",
        "optname",
        "optaway",
    ]
    field: int = 0
    value: str = ""


class StatusesPress(CallbackData, prefix="ss"):
    """Statuses of clients. `value`: a colour, a condition's token or a page."""

    do: Literal[
        "list",
        "show",
        "usual",
        "add",
        "rename",
        "colors",
        "color",
        "up",
        "default",
        "archive",
        "full",
        "toggle",
        "weights",
    ]
    status: int = 0
    value: str = ""
    page: int = 0


class RulesPress(CallbackData, prefix="sr"):
    """Rules of status `status`; rule 0 is the one being begun. `value`: a condition's token, its
    place in the rule, a field's number or a page."""

    do: Literal[
        "list", "show", "what", "days", "role", "fields", "field", "add", "drop", "up", "off"
    ]
    status: int
    rule: int = 0
    value: str = ""
