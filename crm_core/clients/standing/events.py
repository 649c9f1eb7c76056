"""Facts about statuses."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStatusSet(Event):
    """A client has another status, by hand (`manual`) or by the conditions. Titles as they were."""

    status_id: int | None
    title: str
    before_id: int | None
    before: str
    manual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStatusDefined(Event):
    """The admin changed a status or the rules that give it. `change` says what, `before` is old."""

    status_id: int
    title: str
    change: str
    before: object
