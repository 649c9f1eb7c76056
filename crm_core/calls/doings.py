"""Facts about what people do: orders to the PBX, rules for callers, settings of PBXs."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrdered(Event):
    """Somebody asked the PBX to do something (`verb`: dial, hangup, …)."""

    order_id: int
    verb: str
    call_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrderDone(Event):
    order_id: int
    verb: str
    call_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOrderFailed(Event):
    """The PBX did not do it; `error` is a line for the person who asked."""

    order_id: int
    verb: str
    error: str
    call_id: int | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListened(Event):
    """A head listens to (or speaks into) a colleague's call; stands in the audit trail."""

    call_id: int
    extension: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRuled(Event):
    """A number was blocked, made VIP or let through again (`kind` empty)."""

    number: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxChanged(Event):
    """`what`: added, configured, on, off, removed, broken, mended."""

    pbx_id: int
    what: str
    reason: str = ""
