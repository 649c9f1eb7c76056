"""Buttons of clients' cards. `back` is a trail (bot.trail)."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

Only = Literal["a", "m", "n", "r", "e", "f"]


class ClientsPress(CallbackData, prefix="cl"):
    """A page of clients, or its filters. `of`: whose (0: one's own, -1: everybody's), `kind`:
    a(ll), p(eople), c(ompanies); `silent`: no contact for so many days; of one status, of one
    role (its first two letters), `by` e: the emptiest cards first."""

    page: int = 0
    do: Literal["list", "filter", "of", "which"] = "list"
    of: int = 0
    kind: Literal["a", "p", "c"] = "a"
    open: bool = False
    silent: int = 0
    status: int = 0
    role: str = ""
    by: Literal["", "e"] = ""


class ClientPress(CallbackData, prefix="c"):
    """Something to see or to do with client `id`."""

    do: Literal[
        "card",
        "write",
        "contacts",
        "remove",
        "rename",
        "note",
        "manager",
        "merge",
        "begin",
        "label",
        "more",
    ]
    id: int
    back: str = ""


class TimelinePress(CallbackData, prefix="ct"):
    """The timeline: `only` all, messages, notes, requests, events or files; older than `before`."""

    id: int
    only: Only = "a"
    before: str = ""
    back: str = ""


class ContactPress(CallbackData, prefix="cc"):
    """Add a phone, address or other contact; take one off, put the last one back."""

    do: Literal["phone", "email", "other", "drop", "restore"]
    id: int
    contact: int = 0
    back: str = ""


class LabelPress(CallbackData, prefix="cz"):
    """What contact `contact` of client `id` is called; `star`, `less`: preferred or not."""

    do: Literal["show", "main", "work", "mobile", "home", "none", "star", "less"] = "show"
    id: int
    contact: int
    back: str = ""


class BeginPress(CallbackData, prefix="cb"):
    """Begin a conversation with contact `contact` of client `id` from account `channel`."""

    id: int
    channel: int
    contact: int


class OpeningPress(CallbackData, prefix="co"):
    """Write first to a contact of client `id` in a channel."""

    id: int
    channel: int
    contact: int
    back: str = ""


class ManagerPress(CallbackData, prefix="cw"):
    """Client `id` goes to employee `to` (0: nobody); `page` shows more colleagues."""

    do: Literal["page", "set"]
    id: int
    to: int = 0
    back: str = ""


class TwinsPress(CallbackData, prefix="cx"):
    """A page of all possible duplicates."""

    page: int = 0


class ChoicePress(CallbackData, prefix="cv"):
    """Cards `id` (stays) and `gone` compared: choose a value, merge, or say they are two.

    `take` are the fields whose value comes from `gone`: a bit each, in alphabetical order.
    """

    do: Literal["take", "merge", "two"]
    id: int
    gone: int
    take: int = 0
    back: str = ""


class MergePress(CallbackData, prefix="cm"):
    """Cards `id` (stays) and `gone`; for undo, `gone` is the merge's number."""

    do: Literal["compare", "merge", "undo"]
    id: int
    gone: int
    back: str = ""
