"""Departments: who works together and, if the admin wishes, sees each other's clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.journal import emit
from crm_core.staff.events import DepartmentChanged, DepartmentSet

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
NO_DEPARTMENT = N_("There is no such department.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentView:
    id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the staff, as a department sees them; `department` is where they are now."""

    id: int
    name: str
    department: str | None
    within: bool


MEMBERS = """
SELECT e.id, e.name, d.name AS department, coalesce(e.department_id = $1, false) AS within
FROM employee e LEFT JOIN department d ON d.id = e.department_id
WHERE e.active ORDER BY e.name, e.id
"""
VIEWS = """
SELECT d.id, d.name, (SELECT count(*) FROM employee e WHERE e.department_id = d.id AND e.active)
  AS people FROM department d ORDER BY d.name
"""
ADD = "INSERT INTO department (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id"


async def departments() -> list[DepartmentView]:
    return [DepartmentView(**row) for row in await db.fetch(VIEWS)]


async def members(department_id: int) -> list[Member]:
    """Everybody who works here, and who of them belongs to this department."""
    return [Member(**row) for row in await db.fetch(MEMBERS, department_id)]


@command("department.add", title=N_("Add a department"), right=Right.STAFF_WRITE)
async def add(actor: Actor, *, name: Name) -> int:
    """Add a department; returns its id."""
    number: int | None = await db.fetchval(ADD, name)
    if number is None:
        raise Conflict(N_("There is a department %(name)s already."), name=name)
    await emit(DepartmentChanged(department_id=number, name=name), actor=actor.key)
    return number


@command("department.remove", title=N_("Remove a department"), right=Right.STAFF_WRITE)
async def remove(actor: Actor, *, department_id: int) -> None:
    """Remove a department; its people stay, without one."""
    gone = "DELETE FROM department WHERE id = $1 RETURNING name"
    if await db.fetchval(gone, department_id) is None:
        raise NotFound(NO_DEPARTMENT)
    await emit(DepartmentChanged(department_id=department_id, name=""), actor=actor.key)


@command("staff.set_department", title=N_("Put into a department"), right=Right.STAFF_WRITE)
async def set_department(
    actor: Actor, *, employee_id: int, department_id: int | None = None
) -> None:
    """Put an employee into a department (none when left empty)."""
    known = "SELECT 1 FROM department WHERE id = $1 FOR KEY SHARE"
    if department_id is not None and not await db.fetchval(known, department_id):
        raise NotFound(NO_DEPARTMENT)
    sets = "UPDATE employee SET department_id = $2 WHERE id = $1 RETURNING id"
    if await db.fetchval(sets, employee_id, department_id) is None:
        raise NotFound(N_("There is no such employee."))
    event = DepartmentSet(employee_id=employee_id, department_id=department_id)
    await emit(event, actor=actor.key)
