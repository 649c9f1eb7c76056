"""Buttons of portraits. `id` is the client, `back` the trail of their card."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


class PortraitPress(CallbackData, prefix="po"):
    """The portrait (`page` of its fields), or the choice of status or roles."""

    do: Literal["show", "status", "roles"]
    id: int
    page: int = 0
    back: str = ""


class FieldPress(CallbackData, prefix="pf"):
    """Open field `field` (`value`: the page of what can be chosen), write it, empty it, get its
    file; `put`: fill it in with `value`."""

    do: Literal["open", "ask", "put", "clear", "get"]
    id: int
    field: int
    value: str = ""
    back: str = ""


class StatusPress(CallbackData, prefix="ps"):
    """Client `id` gets status `to`; 0: by the conditions again."""

    id: int
    to: int
    back: str = ""


class RolePress(CallbackData, prefix="pr"):
    """Client `id` gets or loses a role."""

    id: int
    role: str
    back: str = ""
