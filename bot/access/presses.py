"""Buttons about access."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


class AccessPress(CallbackData, prefix="ac"):
    """`list`: roles and departments; `read` or `write`: the next width for `role`."""

    do: Literal["list", "read", "write"]
    role: str = ""


class DepartmentPress(CallbackData, prefix="dp"):
    """Department `id`: `add` one, `show` its people, `put` person `who` in or out, `remove` it."""

    do: Literal["add", "show", "put", "remove"]
    id: int = 0
    who: int = 0
    page: int = 0
