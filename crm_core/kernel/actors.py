"""Who acts: an employee, the system, a client, a robot; and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from crm_core.kernel.errors import Forbidden


class Role(StrEnum):
    """A role of the staff, from most to least rights."""

    ADMIN = "admin"
    HEAD = "head"
    MANAGER = "manager"
    OPERATOR = "operator"


class Right(StrEnum):
    """What a command may ask for. `ALL` rights reach beyond one's own dialogs and clients."""

    DIALOG_WORK = "dialog.work"
    DIALOG_ALL = "dialog.all"
    CLIENT_READ = "client.read"
    CLIENT_WRITE = "client.write"
    CLIENT_MERGE = "client.merge"
    QUICK_REPLY_WRITE = "quick_reply.write"
    STAFF_WRITE = "staff.write"
    CHANNEL_WRITE = "channel.write"
    CALL_WORK = "call.work"
    CALL_ALL = "call.all"
    CALL_LISTEN = "call.listen"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_WRITE = "catalogue.write"
    EXPORT = "export"
    SETUP = "setup"
    OWN = "own"


class Reach(StrEnum):
    """Whose clients: one's own, those of one's department, everybody's."""

    OWN = "own"
    DEPARTMENT = "department"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Which clients somebody may read and change."""

    read: Reach = Reach.ALL
    write: Reach = Reach.ALL


EVERYTHING = Sight()
_OPERATOR = frozenset(
    {Right.OWN, Right.DIALOG_WORK, Right.CALL_WORK, Right.CLIENT_READ, Right.CLIENT_WRITE}
    | {Right.CATALOGUE_READ}
)
_MANAGER = _OPERATOR | {Right.CLIENT_MERGE, Right.QUICK_REPLY_WRITE}
_HEAD = _MANAGER | {Right.DIALOG_ALL, Right.CALL_ALL, Right.CALL_LISTEN, Right.EXPORT}
_HEAD |= {Right.CATALOGUE_WRITE}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: _OPERATOR,
    Role.MANAGER: _MANAGER,
    Role.HEAD: _HEAD,
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who runs a command. `id` is the employee's for employees, else 0; `sight` is what the admin
    has set for the role."""

    kind: Literal["employee", "system", "client", "robot"] = "employee"
    id: int = 0
    name: str = ""
    role: Role | None = None
    language: str = "ru"
    timezone: str = "Europe/Moscow"
    department_id: int | None = None
    sight: Sight = EVERYTHING

    @property
    def key(self) -> str:
        """`employee:3`, `system`: how journal rows name the actor."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    def may(self, right: Right) -> bool:
        """Whether the role holds the right; the system and robots hold all."""
        if self.kind in {"system", "robot"}:
            return True
        return self.role is not None and right in RIGHTS[self.role]

    def require(self, right: Right) -> None:
        if not self.may(right):
            message = "You have no right to do this. Ask an administrator for it."
            raise Forbidden(message)


SYSTEM = Actor(kind="system", name="Pult")
