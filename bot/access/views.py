"""What an admin sees of roles and departments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiogram.utils.formatting import Bold

from bot.access.presses import AccessPress, DepartmentPress
from bot.home.presses import HomePress
from bot.home.views import ROLES
from bot.screen import Button, Rows, Screen, button, lines
from crm_core.kernel.actors import Reach, Role, Sight
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.departments import DepartmentView, Member

PAGE = 7
SET = (Role.HEAD, Role.MANAGER, Role.OPERATOR)
WORDS = {
    Reach.OWN: N_("own"),
    Reach.DEPARTMENT: N_("department's"),
    Reach.ALL: N_("all"),
}


def access(sights: Mapping[Role, Sight], found: Sequence[DepartmentView]) -> Screen:
    """A line and two buttons a role; a button a department."""
    said = [
        _("%(role)s: reads %(read)s, changes %(write)s")
        % {
            "role": _(ROLES[role.value]).capitalize(),
            "read": _(WORDS[sights[role].read]),
            "write": _(WORDS[sights[role].write]),
        }
        for role in SET
    ]
    roles = [
        [
            _width("read", role, f"👁 {_(ROLES[role.value])}: {_(WORDS[sights[role].read])}"),
            _width("write", role, f"✏️ {_(WORDS[sights[role].write])}"),
        ]
        for role in SET
    ]
    departments = [
        [button(f"🏢 {one.name} · {one.people}", DepartmentPress(do="show", id=one.id))]
        for one in found
    ]
    body = lines(
        Bold(f"🔐 {_('Access to clients')}"),
        *said,
        _("Own are those one looks after, and those one has a dialog, request or call with now."),
    )
    add = [button(f"➕ {_('Department')}", DepartmentPress(do="add"))]
    back = [button(f"← {_('Back')}", HomePress(to="settings"))]
    return Screen(body, [*roles, *departments, add, back])


def _width(do: str, role: Role, label: str) -> Button:
    return button(label, AccessPress.model_validate({"do": do, "role": role.value}))


def department(one: DepartmentView, people: Sequence[Member], page: int) -> Screen:
    """Its people are ticked; a press puts somebody in or out."""
    shown = people[page * PAGE : (page + 1) * PAGE]
    rows: Rows = [[_person(one, member, page)] for member in shown]
    turns = [
        button(label, DepartmentPress(do="show", id=one.id, page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(people)
    ]
    body = lines(
        Bold(f"🏢 {one.name}"),
        _("People: %(count)s. Press a name to put somebody in or out.") % {"count": one.people},
    )
    remove = button(f"✖️ {_('Remove the department')}", DepartmentPress(do="remove", id=one.id))
    back = button(f"← {_('Back')}", AccessPress(do="list"))
    return Screen(body, [*rows, turns, [remove], [back]])


def _person(one: DepartmentView, member: Member, page: int) -> Button:
    elsewhere = f" · {member.department}" if member.department and not member.within else ""
    label = f"{'✓ ' if member.within else ''}{member.name}{elsewhere}"
    return button(label, DepartmentPress(do="put", id=one.id, who=member.id, page=page))
