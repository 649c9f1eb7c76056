"""Buttons about mailboxes."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Service = Literal["yandex", "mailru", "google"]
Field = Literal["sender_name", "signature", "folders", "since", "password", "servers"]


class MailboxesPress(CallbackData, prefix="mb"):
    """The list; `whose`: for whom one may be connected."""

    do: Literal["list", "whose"] = "list"


class ConnectPress(CallbackData, prefix="mc"):
    """Connect a mailbox of employee `owner` (0: everybody's)."""

    owner: int


class ServicePress(CallbackData, prefix="ms"):
    """The mail of the address being connected lives at this service; `servers`: others."""

    at: Service | Literal["servers"]


class MailboxPress(CallbackData, prefix="mm"):
    """`show` one, switch it, disconnect it (`remove` asks first)."""

    do: Literal["show", "on", "off", "remove", "gone"]
    id: int


class FieldPress(CallbackData, prefix="mf"):
    """Ask for another value of a setting of mailbox `id`."""

    field: Field
    id: int
