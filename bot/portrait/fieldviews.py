"""One field of a portrait before whoever fills it in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, timedelta

from aiogram.utils.formatting import Bold

from bot.clients.cards import name_of
from bot.portrait.presses import FieldPress
from bot.portrait.views import title, to_portrait
from bot.screen import Button, Rows, Screen, button, lines
from crm_core.clients.queries import ClientCard
from crm_core.fields.kinds import Field, FieldKind, Value
from crm_core.fields.showing import render
from crm_core.kernel import i18n
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE, SHOWN = 7, 1500
ASKS: dict[FieldKind, str] = {
    FieldKind.TEXT: N_("Write the text."),
    FieldKind.NUMBER: N_("Write the number: 1 234,5."),
    FieldKind.MONEY: N_("Write the sum: 1 234,50 ₽."),
    FieldKind.DATE: N_("Write the date: 05.03.2026 or 5 March."),
    FieldKind.FILE: N_("Send the file."),
}
WRITTEN = frozenset({FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.FILE})
NEAR = (
    (0, N_("Today")),
    (-1, N_("Yesterday")),
    (1, N_("Tomorrow")),
    (7, N_("In a week")),
    (30, N_("In a month")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A field of a client, what stands in it, and whom or what one may choose."""

    card: ClientCard
    field: Field
    value: Value
    today: date
    back: str = ""
    page: int = 0
    people: Mapping[int, str] = made(default_factory=dict)

    def press(self, do: str, value: str = "") -> FieldPress:
        return FieldPress.model_validate(
            {
                "do": do,
                "id": self.card.id,
                "field": self.field.id,
                "value": value,
                "back": self.back,
            }
        )


def filling(one: Filling) -> Screen:
    """What stands there, and what to press."""
    said = render(one.field, one.value, i18n.current(), one.people)
    clear = [button(f"🧹 {_('Empty it')}", one.press("clear"))] if one.value is not None else []
    body = lines(
        Bold(f"📋 {name_of(one.card)}"),
        f"{title(one.field)}: {said[:SHOWN] or '—'}",
    )
    return Screen(body, [*_ways(one), clear, [to_portrait(one.card.id, one.back)]])


def _ways(one: Filling) -> Rows:
    kind = one.field.kind
    if kind is FieldKind.YES_NO:
        return [
            [
                button(f"✅ {_('Yes')}", one.press("put", "yes")),
                button(f"✖️ {_('No')}", one.press("put", "no")),
            ]
        ]
    if kind is FieldKind.DATE:
        days = [
            button(_(words), one.press("put", (one.today + timedelta(days=shift)).isoformat()))
            for shift, words in NEAR
        ]
        own = button(f"✏️ {_('Another date')}", one.press("ask"))
        return [days[:3], days[3:], [own]]
    if kind in WRITTEN:
        get = button(f"📎 {_('Send it to me')}", one.press("get"))
        return [
            *([[get]] if kind is FieldKind.FILE and one.value else []),
            [button(f"✏️ {_('Change')}", one.press("ask"))],
        ]
    return _choose(one, _choices(one))


def _choices(one: Filling) -> Sequence[tuple[str, str]]:
    """(what is chosen, label)."""
    if one.field.kind is FieldKind.PERSON:
        chosen = {one.value}
        return [
            (str(key), f"{'• ' if key in chosen else ''}{name}") for key, name in one.people.items()
        ]
    many = one.field.kind is FieldKind.CHOICES
    chosen = set(one.value or []) if many else {one.value}
    sign = "✓ " if many else "• "
    return [
        (each.key, f"{sign if each.key in chosen else ''}{each.title}")
        for each in one.field.options
        if not each.archived or each.key in chosen
    ]


def _choose(one: Filling, choices: Sequence[tuple[str, str]]) -> Rows:
    page = min(max(one.page, 0), max(0, (len(choices) - 1) // PAGE))
    rows = [
        [button(label, one.press("put", value))]
        for value, label in choices[page * PAGE : (page + 1) * PAGE]
    ]
    turns: list[Button] = [
        button(label, one.press("open", str(goal)))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(choices)
    ]
    return [*rows, turns]
