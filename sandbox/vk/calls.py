"""The request log, scripted faults, and cut connections."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.vk.errors import VkError
from sandbox.vk.state import Json


class Cut(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a method. `outcome`: pending, ok, error, lost."""

    method: str
    params: Json
    outcome: str = "pending"
    code: int = 0


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with `method` (None: any), how many `times`; `after`: once it was done."""

    method: str | None = None
    times: int = 1
    error: int = 0
    status: int = 0
    hang: bool = False
    reset: bool = False
    after: bool = False


@dataclass(slots=True)
class Faults:
    script: list[Fault] = field(default_factory=list)

    def error(self, code: int, method: str | None = "messages.send", times: int = 1) -> None:
        self.script.append(Fault(method=method, error=code, times=times))

    def status(self, status: int, method: str | None = None, times: int = 1) -> None:
        """An HTTP status instead of an answer."""
        self.script.append(Fault(method=method, status=status, times=times))

    def reset(self, method: str = "messages.send", *, after: bool = False, times: int = 1) -> None:
        """Cut the connection, before or after the method was done."""
        self.script.append(Fault(method=method, reset=True, after=after, times=times))

    def hang(self, method: str = "messages.send", *, after: bool = False, times: int = 1) -> None:
        """Never answer."""
        self.script.append(Fault(method=method, hang=True, after=after, times=times))

    def take(self, method: str) -> Fault | None:
        for fault in self.script:
            if fault.method in (None, method) and fault.times > 0:
                fault.times -= 1
                return fault
        return None


def raise_for(fault: Fault) -> None:
    if fault.error:
        raise VkError(fault.error)
