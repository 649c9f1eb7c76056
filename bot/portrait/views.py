"""What a portrait shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.utils.formatting import Bold

from bot.clients.cards import name_of, to_card
from bot.clients.presses import ClientPress, ContactPress
from bot.portrait import words
from bot.portrait.presses import FieldPress, PortraitPress, RolePress, StatusPress
from bot.screen import Button, Rows, Screen, button, lines, shorten
from crm_core.clients.queries import ClientCard
from crm_core.clients.roles import Counterparty
from crm_core.clients.standing.conditions import Condition, What
from crm_core.clients.standing.deciding import Status
from crm_core.clients.standing.queries import Portrait
from crm_core.fields.kinds import Field
from crm_core.fields.showing import render
from crm_core.kernel import i18n
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _

PAGE, LINE = 6, 90
Entry = tuple[str, CallbackData]


def title(field: Field) -> str:
    return field.titled(i18n.current())


def portrait(one: Portrait, card: ClientCard, viewer: Actor, press: PortraitPress) -> Screen:
    """What is lacking first, each a button, then what is known."""
    entries = list(_entries(one, press.back)) if viewer.may(Right.CLIENT_WRITE) else []
    last = max(0, (len(entries) - 1) // PAGE)
    page = min(max(press.page, 0), last)
    rows = [[button(*entry)] for entry in entries[page * PAGE : (page + 1) * PAGE]]
    turns = [
        button(label, PortraitPress(do="show", id=one.client_id, page=goal, back=press.back))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if 0 <= goal <= last
    ]
    body = lines(
        Bold(f"📋 {name_of(card)}"),
        words.standing(one) or None,
        _("The status was set by hand.") if one.manual else None,
        _lacking(one),
        *(shorten(f"{title(field)}: {said}", LINE) for field, said in _known(one)[:7]),
        None if one.fields or one.status else _nothing(viewer),
    )
    changes = _changes(one, viewer, press.back)
    return Screen(body, [*rows, turns, *changes, [to_card(card.id, press.back)]])


def _nothing(viewer: Actor) -> str:
    if viewer.may(Right.SETUP):
        return _("There are no fields and statuses yet: add them in Settings.")
    return _("There are no fields and statuses yet: an administrator adds them in Settings.")


def _lacking(one: Portrait) -> str | None:
    if not one.missing:
        return None
    fields = {field.key: field for field in one.fields}
    named = ", ".join(words.condition(part.condition, fields) for part in one.missing)
    return shorten(_("Not filled: %(what)s") % {"what": named}, 200)


def _known(one: Portrait) -> list[tuple[Field, str]]:
    """Fields with something in them, as people read it."""
    return [
        (field, render(field, one.values[field.key], i18n.current(), one.people))
        for field in one.fields
        if field.key in one.values
    ]


def _entries(one: Portrait, back: str) -> Iterator[Entry]:
    fields = {field.key: field for field in one.fields}
    for part in one.missing:
        goal = _way(one, part.condition, back)
        if goal is not None:
            yield f"➕ {words.condition(part.condition, fields)} · {part.weight} %", goal
    asked = {part.condition.key for part in one.missing if part.condition.what is What.FIELD}
    empty = [
        field for field in one.fields if field.key not in one.values and field.key not in asked
    ]
    for field in sorted(empty, key=lambda each: not each.required):
        sign = "❗" if field.required else "➕"
        yield f"{sign} {title(field)}", _open(one, field, back)
    for field, said in _known(one):
        yield f"✏️ {title(field)}: {said}", _open(one, field, back)


def _open(one: Portrait, field: Field, back: str) -> FieldPress:
    return FieldPress(do="open", id=one.client_id, field=field.id, back=back)


def _way(one: Portrait, condition: Condition, back: str) -> CallbackData | None:
    """Where it is filled in; nobody can fill in a messenger by hand."""
    what, number = condition.what, one.client_id
    if what is What.FIELD:
        found = next((field for field in one.fields if field.key == condition.key), None)
        return _open(one, found, back) if found else None
    if what in {What.PHONE, What.CONTACT}:
        return ContactPress(do="phone", id=number, back=back)
    if what is What.EMAIL:
        return ContactPress(do="email", id=number, back=back)
    if what is What.MANAGER:
        return ClientPress(do="manager", id=number, back=back)
    if what is What.NOTE:
        return ClientPress(do="note", id=number, back=back)
    return PortraitPress(do="roles", id=number, back=back) if what is What.ROLE else None


def _changes(one: Portrait, viewer: Actor, back: str) -> Rows:
    if not viewer.may(Right.CLIENT_WRITE):
        return []
    number = one.client_id
    status = button(f"🏷 {_('Status')}", PortraitPress(do="status", id=number, back=back))
    roles = button(f"🎭 {_('Roles')}", PortraitPress(do="roles", id=number, back=back))
    rename = button(f"✏️ {_('Rename')}", ClientPress(do="rename", id=number, back=back))
    manager = button(f"👤 {_('Manager')}", ClientPress(do="manager", id=number, back=back))
    return [[*([status] if one.status else []), roles], [manager, rename]]


def to_portrait(client_id: int, back: str) -> Button:
    """The last button of every screen under a portrait."""
    return button(f"← {_('Back')}", PortraitPress(do="show", id=client_id, back=back))


def statuses(one: Portrait, found: Sequence[Status], card: ClientCard, back: str) -> Screen:
    """Which status; by hand it stays until it is released."""
    rows = [
        [button(_label(each, one.status), StatusPress(id=one.client_id, to=each.id, back=back))]
        for each in found
        if not each.archived
    ]
    by_rules = StatusPress(id=one.client_id, to=0, back=back)
    release = [button(f"🤖 {_('By the conditions again')}", by_rules)] if one.manual else []
    hint = _("What you choose stays, whatever the conditions say.")
    body = lines(Bold(f"🏷 {name_of(card)}"), words.standing(one) or None, hint)
    return Screen(body, [*rows, release, [to_portrait(one.client_id, back)]])


def _label(each: Status, now: Status | None) -> str:
    chosen = "• " if now and now.id == each.id else ""
    return f"{chosen}{each.mark} {each.title}"


def roles(one: Portrait, card: ClientCard, back: str) -> Screen:
    """Any number of them."""
    rows = [
        [
            button(
                f"{'✓ ' if role in one.roles else ''}{words.role(role)}",
                RolePress(id=one.client_id, role=role.value, back=back),
            )
        ]
        for role in Counterparty
    ]
    body = lines(Bold(f"🎭 {name_of(card)}"), _("What are they to us? Any number may be chosen."))
    return Screen(body, [*rows, [to_portrait(one.client_id, back)]])
