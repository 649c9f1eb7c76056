"""Facts about the staff."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeAdded(Event):
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeBound(Event):
    """A Telegram account now belongs to this employee."""

    employee_id: int
    telegram_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeDeactivated(Event):
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChanged(Event):
    """A queue was made, or its people, its strategy or the default queue changed."""

    queue_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """`presence`: on (on shift), away (short break), off."""

    employee_id: int
    presence: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SightSet(Event):
    """Which clients this role sees from now on."""

    role: str
    read: str
    write: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentChanged(Event):
    """A department was added, or removed (`name` empty)."""

    department_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentSet(Event):
    employee_id: int
    department_id: int | None
