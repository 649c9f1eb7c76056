"""Screens of the set-up of statuses and of what a full card has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiogram.utils.formatting import Bold

from bot.home.presses import HomePress
from bot.portrait import words
from bot.screen import Button, Screen, button, lines, shorten
from bot.setup.fieldviews import PAGE, turns
from bot.setup.presses import RulesPress, StatusesPress
from crm_core.clients.standing.conditions import FILLABLE, Condition, What
from crm_core.clients.standing.deciding import Policy, Status
from crm_core.clients.standing.defining import COLORS
from crm_core.fields.kinds import Field
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

LINE = 120
SHADES = {
    "🟥": N_("red"),
    "🟧": N_("orange"),
    "🟨": N_("yellow"),
    "🟩": N_("green"),
    "🟦": N_("blue"),
    "🟪": N_("violet"),
    "🟫": N_("brown"),
    "⬛": N_("black"),
    "⬜": N_("white"),
}


def do(label: str, what: str, status: int = 0, value: str = "", page: int = 0) -> Button:
    given = {"do": what, "status": status, "value": value, "page": page}
    return button(label, StatusesPress.model_validate(given))


def back(what: str = "list", status: int = 0) -> list[Button]:
    return [do(f"← {_('Back')}", what, status)]


def statuses(policy: Policy, page: int) -> Screen:
    """All of them, those put away last."""
    found = sorted(policy.statuses.values(), key=lambda one: one.archived)
    rows = [
        [do(f"{page * PAGE + number}. {_label(one)}", "show", one.id)]
        for number, one in enumerate(found[page * PAGE : (page + 1) * PAGE], 1)
    ]
    pages = turns(len(found), page, lambda label, goal: do(label, "list", page=goal))
    usual = [] if found else [do(f"✨ {_('Begin with the usual ones')}", "usual")]
    empty = _("Statuses tell where a client stands: new, in work, regular, lost.")
    hint = _("⭐ is the status of new clients. Each status says what a full card has.")
    settings = button(f"← {_('Back')}", HomePress(to="settings"))
    return Screen(
        lines(Bold(f"🏷 {_('Statuses')}"), hint if found else empty),
        [*rows, pages, usual, [do(f"➕ {_('Add a status')}", "add"), settings]],
    )


def _label(one: Status) -> str:
    signs = ("⭐" if one.is_default else "", "🗄" if one.archived else "")
    return " ".join(filter(None, (one.mark, one.title, *signs)))


def status(one: Status, policy: Policy, fields: Mapping[str, Field]) -> Screen:
    """One status: how it looks, what is full, who gets it."""
    full = ", ".join(
        f"{words.condition(part.condition, fields)} {part.weight} %" for part in one.template
    )
    rules = [rule for rule in policy.rules if rule.status_id == one.id]
    body = lines(
        Bold(f"{one.mark} {one.title}"),
        _("⭐ New clients get it.") if one.is_default else None,
        _("🗄 Put away: who has it by hand keeps it.") if one.archived else None,
        shorten(_("A full card: %(what)s") % {"what": full or "—"}, 300),
        _("Who gets it by themselves:") if rules else _("Nobody gets it by conditions."),
        *(shorten(f"• {_rule(rule.conditions, fields)}", LINE) for rule in rules[:5]),
    )
    rules_press = RulesPress(do="list", status=one.id)
    away = f"↩️ {_('Take back')}" if one.archived else f"🗄 {_('Put away')}"
    first = [] if one.is_default or one.archived else [do(f"⭐ {_('For new')}", "default", one.id)]
    last = [] if one.is_default else [do(away, "archive", one.id)]
    return Screen(
        body,
        [
            [do(f"✏️ {_('Title')}", "rename", one.id), do(f"🎨 {_('Colour')}", "colors", one.id)],
            [
                do(f"📊 {_('Full card')}", "full", one.id),
                button(f"⚙️ {_('Conditions')}", rules_press),
            ],
            [do(f"↑ {_('Higher')}", "up", one.id), *first, *last],
            back(),
        ],
    )


def _rule(conditions: Sequence[Condition], fields: Mapping[str, Field]) -> str:
    return " + ".join(words.condition(one, fields) for one in conditions)


def colors(one: Status) -> Screen:
    found = [
        do(f"{'• ' if mark == one.mark else ''}{mark} {_(SHADES[mark])}", "color", one.id, mark)
        for mark in COLORS
    ]
    rows = [found[at : at + 3] for at in range(0, len(found), 3)]
    return Screen(lines(Bold(f"🎨 {one.mark} {one.title}")), [*rows, back("show", one.id)])


def full(one: Status, fields: Sequence[Field], page: int) -> Screen:
    """What a full card has: presses add and take off, weights are written."""
    weights = {part.condition: part.weight for part in one.template}
    known = {field.key: field for field in fields}
    offered = _offered(fields)
    rows = [
        [do(_part(condition, weights, known), "toggle", one.id, token, page)]
        for token, condition in offered[page * PAGE : (page + 1) * PAGE]
    ]
    pages = turns(len(offered), page, lambda label, goal: do(label, "full", one.id, page=goal))
    write = [do(f"✏️ {_('Weights')}", "weights", one.id)] if one.template else []
    hint = _("A press adds a condition or takes it off and shares 100 % out evenly.")
    own = _("Weights of your own are written by ✏️ and must sum to 100.")
    body = lines(Bold(f"📊 {one.mark} {one.title}"), hint, own if write else None)
    return Screen(body, [*rows, pages, [*write, *back("show", one.id)]])


def _offered(fields: Sequence[Field]) -> list[tuple[str, Condition]]:
    """(token, condition), the company's own fields first."""
    own = [
        (f"f{one.id}", Condition(what=What.FIELD, key=one.key))
        for one in fields
        if not one.archived
    ]
    plain = [(one.value, Condition(what=one)) for one in FILLABLE if one is not What.FIELD]
    return [*own, *plain]


def _part(one: Condition, weights: Mapping[Condition, int], fields: Mapping[str, Field]) -> str:
    said = words.condition(one, fields)
    return f"✓ {said} · {weights[one]} %" if one in weights else said
