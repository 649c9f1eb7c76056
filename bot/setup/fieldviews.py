"""Screens of the set-up of fields. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.utils.formatting import Bold, Code, Text

from bot.home.presses import HomePress
from bot.screen import Button, Screen, button, lines
from bot.setup.presses import FieldsPress
from crm_core.fields.kinds import WITH_OPTIONS, Field, FieldKind, Option
from crm_core.kernel import i18n
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE = 7
KINDS: dict[FieldKind, str] = {
    FieldKind.TEXT: N_("text"),
    FieldKind.NUMBER: N_("number"),
    FieldKind.MONEY: N_("money"),
    FieldKind.DATE: N_("date"),
    FieldKind.CHOICE: N_("one of a list"),
    FieldKind.CHOICES: N_("several of a list"),
    FieldKind.YES_NO: N_("yes or no"),
    FieldKind.PERSON: N_("employee"),
    FieldKind.FILE: N_("file"),
}


def do(label: str, what: str, field: int = 0, value: str = "") -> Button:
    press = FieldsPress.model_validate({"do": what, "field": field, "value": value})
    return button(label, press)


def back(what: str = "list", field: int = 0) -> list[Button]:
    return [do(f"← {_('Back')}", what, field)]


def turns(total: int, page: int, make: Any) -> list[Button]:
    """‹ and › where there is something; `make(label, page)` is the button."""
    return [
        make(label, goal)
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < total
    ]


def fields(found: Sequence[Field], page: int) -> Screen:
    """All of them, those put away last."""
    ordered = sorted(found, key=lambda one: one.archived)
    rows = [
        [do(f"{page * PAGE + number}. {_label(one)}", "show", one.id)]
        for number, one in enumerate(ordered[page * PAGE : (page + 1) * PAGE], 1)
    ]
    pages = turns(len(ordered), page, lambda label, goal: do(label, "list", 0, str(goal)))
    empty = _("Add what you want to know of every client: a branch, a budget, a date of birth.")
    hint = _("These fields stand in the portrait of every client, in lists and in full cards.")
    body = lines(Bold(f"📋 {_('Client fields')}"), hint if found else empty)
    settings = button(f"← {_('Back')}", HomePress(to="settings"))
    return Screen(body, [*rows, pages, [do(f"➕ {_('Add a field')}", "kinds"), settings]])


def _label(one: Field) -> str:
    sign = "🗄 " if one.archived else ""
    return f"{sign}{one.titled(i18n.current())} · {_(KINDS[one.kind])}"


def kinds() -> Screen:
    """First what it holds: that never changes afterwards."""
    found = [do(_(title), "add", 0, kind.value) for kind, title in KINDS.items()]
    rows = [found[at : at + 2] for at in range(0, len(found), 2)]
    body = lines(
        Bold(f"➕ {_('Add a field')}"), _("What shall stand in it? This can't be changed.")
    )
    return Screen(body, [*rows, back()])


def field(one: Field) -> Screen:
    """One field and what can be done with it."""
    offered = ", ".join(option.title for option in one.offered)
    body = lines(
        Bold(f"📋 {one.titled(i18n.current())}"),
        _(KINDS[one.kind]) + (f": {offered}" if offered else ""),
        _("People are reminded while it is empty.") if one.required else None,
        _("Put away: its values are kept.") if one.archived else None,
        Text(_("Name for other programs:"), " ", Code(one.key)),
    )
    required = _("Do not remind") if one.required else _("Remind of it")
    away = f"↩️ {_('Take back')}" if one.archived else f"🗄 {_('Put away')}"
    options = [do(f"☰ {_('Options')}", "options", one.id)] if one.kind in WITH_OPTIONS else []
    return Screen(
        body,
        [
            [do(f"✏️ {_('Title')}", "rename", one.id), *options],
            [do(f"❗ {required}", "require", one.id), do(f"↑ {_('Higher')}", "up", one.id)],
            [do(away, "archive", one.id), *back()],
        ],
    )


def options(one: Field, page: int) -> Screen:
    """What can be chosen; one put away stays where it was chosen."""
    shown = one.options[page * PAGE : (page + 1) * PAGE]
    rows = [[do(_option(each), "option", one.id, each.key)] for each in shown]
    pages = turns(
        len(one.options), page, lambda label, goal: do(label, "options", one.id, str(goal))
    )
    add = do(f"➕ {_('Add an option')}", "newopt", one.id)
    body = lines(Bold(f"☰ {one.titled(i18n.current())}"), _("Press an option to change it."))
    return Screen(body, [*rows, pages, [add, *back("show", one.id)]])


def _option(one: Option) -> str:
    return f"{'🗄 ' if one.archived else ''}{one.title}"


def option(one: Field, chosen: Option) -> Screen:
    away = f"↩️ {_('Take back')}" if chosen.archived else f"🗄 {_('Put away')}"
    kept = _("Clients who have it keep it; it is not offered any more.")
    body = lines(
        Bold(f"☰ {one.titled(i18n.current())}: {chosen.title}"), kept if chosen.archived else None
    )
    return Screen(
        body,
        [
            [
                do(f"✏️ {_('Title')}", "optname", one.id, chosen.key),
                do(away, "optaway", one.id, chosen.key),
            ],
            back("options", one.id),
        ],
    )
