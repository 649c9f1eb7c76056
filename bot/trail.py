"""The way back: where a screen was opened from, in a few bytes that its buttons carry.

A trail is steps, the nearest first: `d5.k1c.p0` leads to dialog 5, from there to client 48
(their numbers are in base 36), from there to the first page of one's clients.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.calls.presses import CallPress, CallsPress
from bot.calls.presses import Which as Calls
from bot.catalogues.presses import UnderPress
from bot.clients.presses import ClientPress, ClientsPress, TwinsPress
from bot.dialogs.presses import DialogPress, origin_of
from bot.home.presses import HomePress, ListPress
from bot.people.presses import PeoplePress
from bot.reports.presses import ReportPress, unpacked
from bot.requests.presses import RequestPress, RequestsPress
from bot.requests.presses import Which as Requests
from bot.screen import Button, button
from bot.search.presses import SearchPress, Tab
from crm_core.kernel.i18n import gettext as _

LONGEST = 28  # with the rest of a button: 64 bytes
DIGITS = string.digits + string.ascii_lowercase
CALLS: dict[str, Calls] = {"n": "now", "m": "mine", "x": "missed", "a": "all"}
REQUESTS: dict[str, Requests] = {"n": "new", "m": "mine", "w": "work", "d": "done"}
KINDS: dict[str, Literal["a", "p", "c"]] = {"a": "a", "p": "p", "c": "c"}
TABS: dict[str, Tab] = {"a": "all", "c": "clients", "m": "messages"}


def clients_page(press: ClientsPress) -> str:
    """The page of clients with its filters: `yc1-~0~2~7~su~e`; one's own without any: `p0`."""
    if press.model_copy(update={"page": 0, "do": "list"}) == ClientsPress():
        return f"p{press.page}"
    of = "-" if press.of < 0 else base36(press.of)
    numbers = "~".join(base36(one) for one in (press.silent, press.page, press.status))
    rest = f"{of}~{numbers}~{press.role}~{press.by}".rstrip("~")
    return f"y{press.kind}{int(press.open)}{rest}"


def _clients(at: str) -> ClientsPress:
    of, silent, page, status, role, by, *_rest = [*at[2:].split("~"), "", "", "", "", ""]
    given = {"kind": at[0], "open": at[1] == "1", "role": role, "by": by}
    numbers = {"silent": silent, "page": page, "status": status}
    counted = {name: int(text or "0", 36) for name, text in numbers.items()}
    owner = -1 if of == "-" else int(of, 36)
    return ClientsPress.model_validate(given | counted | {"of": owner})


def twins_page(page: int) -> str:
    return f"x{page}"


def search_page(tab: Tab, page: int) -> str:
    return f"f{tab[0]}{page}"


def calls_page(which: Calls, page: int) -> str:
    letter = next(letter for letter, name in CALLS.items() if name == which)
    return f"z{letter}{page}"


def call(call_id: int, trail: str) -> str:
    """The trail of what is opened from a call's card."""
    return push(f"t{base36(call_id)}", trail)


def client(client_id: int, trail: str) -> str:
    """The trail of what is opened from a client's card."""
    return push(f"k{base36(client_id)}", trail)


def people(client_id: int, trail: str) -> str:
    """The trail of what is opened from the list of a company's people or a person's companies."""
    return push(f"u{base36(client_id)}", trail)


def dialog(dialog_id: int, trail: str) -> str:
    """The trail of what is opened from a dialog's card."""
    return push(f"d{base36(dialog_id)}", trail)


def request(request_id: int, trail: str) -> str:
    """The trail of what is opened from a request's card."""
    return push(f"r{base36(request_id)}", trail)


def group_page(item_id: int, page: int) -> str:
    """A page of the clients with an item of a catalogue."""
    return f"g{base36(item_id)}-{page}"


def report(press: ReportPress) -> str:
    """The trail of what is opened from the items behind a number; too long a question loses
    its row, then its bounds."""
    whole = press.but(row="", page=0)
    for one in (press, press.but(page=0), whole, whole.but(src="", queue=0)):
        if len(step := f"w{one.packed()}") <= LONGEST:
            return step
    return f"w{press.key}"


def requests_page(which: Requests, page: int) -> str:
    return f"q{which[0]}{page}"


def push(step: str, trail: str) -> str:
    """The trail with one more step. Too long a one loses its circles, then its far end."""
    steps = [step, *filter(None, trail.split("."))]
    if len(".".join(steps)) > LONGEST and step in steps[1:]:
        steps = steps[steps.index(step, 1) :]
    while len(".".join(steps)) > LONGEST:
        steps.pop()
    return ".".join(steps)


def opener(trail: str) -> CallbackData:
    """The press that shows what the trail begins with; the home screen when it has ended."""
    step, _dot, rest = trail.partition(".")
    if found := origin_of(step):
        return ListPress(which=found[0], page=found[1])
    letter, number = step[:1], step[1:]
    try:
        return OPENERS[letter](number, rest)
    except (ValueError, KeyError, IndexError):  # nothing, or a forged one
        return HomePress(to="home")


OPENERS: dict[str, Callable[[str, str], CallbackData]] = {
    "k": lambda number, rest: ClientPress(do="card", id=int(number, 36), back=rest),
    "d": lambda number, rest: DialogPress(do="card", id=int(number, 36), back=rest),
    "r": lambda number, rest: RequestPress(do="card", id=int(number, 36), back=rest),
    "t": lambda number, rest: CallPress(do="card", id=int(number, 36), back=rest),
    "x": lambda number, _rest: TwinsPress(page=int(number)),
    "p": lambda number, _rest: ClientsPress(page=int(number)),
    "y": lambda at, _rest: _clients(at),
    "u": lambda number, rest: PeoplePress(do="list", id=int(number, 36), back=rest),
    "w": lambda asked, _rest: unpacked(asked),
    "q": lambda at, _rest: RequestsPress(which=REQUESTS[at[:1]], page=int(at[1:])),
    "z": lambda at, _rest: CallsPress(which=CALLS[at[:1]], page=int(at[1:])),
    "g": lambda at, _rest: UnderPress(id=int(at.split("-")[0], 36), page=int(at.split("-")[1])),
    "f": lambda at, _rest: SearchPress(tab=TABS[at[:1]], page=int(at[1:])),
}


def back(trail: str) -> Button:
    """The last button of a screen."""
    press = opener(trail)
    label = _("Home") if isinstance(press, HomePress) else _("Back")
    return button(f"← {label}", press)


def base36(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = DIGITS[digit] + found
    return found or "0"
