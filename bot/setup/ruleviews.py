"""Screens of the rules that give statuses. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold

from bot.portrait import words
from bot.screen import Button, Rows, Screen, button, lines
from bot.setup.fieldviews import PAGE, turns
from bot.setup.presses import RulesPress, StatusesPress
from crm_core.clients.roles import Counterparty
from crm_core.clients.standing.conditions import Condition, What
from crm_core.clients.standing.deciding import Policy, Rule, Status
from crm_core.fields.kinds import WITH_OPTIONS, Field, FieldKind
from crm_core.kernel import i18n
from crm_core.kernel.i18n import gettext as _

PLAIN = (
    What.PHONE,
    What.EMAIL,
    What.MESSENGER,
    What.MANAGER,
    What.NOTE,
    What.DIALOG,
    What.REQUEST,
)
DAYS = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Near:
    """The status and the rule (0: a new one) whose screens these are."""

    status: Status
    rule: int = 0

    def do(self, label: str, what: str, value: str = "", rule: int | None = None) -> Button:
        given = {
            "do": what,
            "status": self.status.id,
            "rule": self.rule if rule is None else rule,
            "value": value,
        }
        return button(label, RulesPress.model_validate(given))

    def back(self, what: str) -> list[Button]:
        return [self.do(f"← {_('Back')}", what)]

    @property
    def head(self) -> Bold:
        return Bold(f"⚙️ {self.status.mark} {self.status.title}")


def rules(near: Near, policy: Policy, fields: Mapping[str, Field]) -> Screen:
    """The rules that give this status, by their place among all."""
    rows = [
        [near.do(f"{place}. {_all(rule, fields)}", "show", rule=rule.id)]
        for place, rule in enumerate(policy.rules, 1)
        if rule.status_id == near.status.id
    ]
    hint = _("Who fits all conditions of a rule gets the status. The first rule that fits decides.")
    others = _("Whom no rule fits gets the status of new clients.")
    back = button(f"← {_('Back')}", StatusesPress(do="show", status=near.status.id))
    add = near.do(f"➕ {_('Add a rule')}", "what", rule=0)
    return Screen(lines(near.head, hint, others), [*rows, [add, back]])


def _all(rule: Rule, fields: Mapping[str, Field]) -> str:
    return " + ".join(words.condition(one, fields) for one in rule.conditions)


def rule(near: Near, one: Rule, fields: Mapping[str, Field]) -> Screen:
    """One rule: a press takes a condition off."""
    rows = [
        [near.do(f"✖️ {words.condition(each, fields)}", "drop", str(place))]
        for place, each in enumerate(one.conditions)
    ]
    body = lines(near.head, _("All of these must hold. A press takes a condition off."))
    return Screen(
        body,
        [
            *rows,
            [
                near.do(f"➕ {_('Condition')}", "what"),
                near.do(f"↑ {_('Earlier')}", "up"),
                near.do(f"🗑 {_('Remove')}", "off"),
            ],
            near.back("list"),
        ],
    )


def what(near: Near) -> Screen:
    """Which condition."""
    silences = [
        near.do(_("Has not written for …"), "days", What.SILENT_IN.value),
        near.do(_("Not written to for …"), "days", What.SILENT_OUT.value),
    ]
    more = [near.do(_("Role …"), "role"), near.do(_("Field …"), "fields")]
    body = lines(near.head, _("Which condition?"))
    pairs = [_pair(near, Condition(what=one), one.value) for one in PLAIN]
    return Screen(body, [silences, *pairs, more, near.back("show" if near.rule else "list")])


def _pair(near: Near, one: Condition, token: str) -> list[Button]:
    """The condition and its opposite."""
    return [
        near.do(words.condition(each, {}), "add", f"{'!' if each.no else ''}{token}")
        for each in (one, one.model_copy(update={"no": True}))
    ]


def days(near: Near, token: str) -> Screen:
    found = [
        near.do(words.condition(Condition(what=What(token), days=one), {}), "add", f"{token}.{one}")
        for one in DAYS
    ]
    return Screen(lines(near.head, _("How long?")), [*([one] for one in found), near.back("what")])


def roles(near: Near) -> Screen:
    rows = [
        _pair(near, Condition(what=What.ROLE, key=one.value), f"role.{one.value}")
        for one in Counterparty
    ]
    return Screen(lines(near.head, _("Which role?")), [*rows, near.back("what")])


def fields(near: Near, found: Sequence[Field], page: int) -> Screen:
    live = [one for one in found if not one.archived]
    rows = [
        [near.do(one.titled(i18n.current()), "field", str(one.id))]
        for one in live[page * PAGE : (page + 1) * PAGE]
    ]
    pages = turns(len(live), page, lambda label, goal: near.do(label, "fields", str(goal)))
    hint = _("Which field?") if live else _("There are no fields yet: add them in Settings.")
    return Screen(lines(near.head, hint), [*rows, pages, near.back("what")])


def field(near: Near, one: Field) -> Screen:
    """Filled, empty, or what it must be."""
    token = f"f{one.id}"
    filled = [near.do(_("filled"), "add", token), near.do(_("empty"), "add", f"!{token}")]
    body = lines(near.head, f"{one.titled(i18n.current())}: {_('what must stand there?')}")
    return Screen(body, [filled, *_values(near, one, token), near.back("fields")])


def _values(near: Near, one: Field, token: str) -> Rows:
    if one.kind is FieldKind.YES_NO:
        return [
            [
                near.do(_("yes"), "add", f"{token}=yes"),
                near.do(_("no"), "add", f"{token}=no"),
            ]
        ]
    if one.kind in WITH_OPTIONS:
        return [[near.do(each.title, "add", f"{token}={each.key}")] for each in one.offered[:20]]
    return []
