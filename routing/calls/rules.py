"""Whom a call rings: pure decisions over plain facts.

Order: a blocked number hears busy; outside working hours the call goes where the PBX's settings
say; a VIP's own phone; the client's manager when on shift and free; where calls to the dialled
number go; the queue's strategy among people on shift who are free; else nobody, and the PBX goes on
by itself. Whoever rang in vain in this call is not rung again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The PBX asks whom to ring. `key` as in CallSeen; `tried` rang in vain already."""

    key: str
    caller: str | None
    did: str | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the PBX's settings say of this call: whether it is working time, where calls go else,
    and where those to the dialled number go: ext:101&102, queue:one of the PBX, a queue's name."""

    is_open: bool = True
    after_hours: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Ring these extensions at once, or hand to a queue of the PBX, or refuse; else nothing:
    the PBX goes on as if nobody had been asked. `reason` is data for people's words."""

    extensions: tuple[str, ...] = ()
    queue: str | None = None
    busy: bool = False
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A person who may be rung. `busy`: speaks or rings in another call."""

    employee_id: int
    extension: str
    presence: str = "on"
    busy: bool = False
    member: bool = True
    position: int = 0
    last_call_at: datetime | None = None
    calls_today: int = 0

    @property
    def available(self) -> bool:
        return self.presence == "on" and not self.busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when the question comes. `rule`: blocked, vip or nothing; `queue`: whose
    people `phones` are."""

    rule: str | None = None
    vip_extension: str | None = None
    manager_id: int | None = None
    strategy: str = "least_loaded"
    queue: str = ""
    phones: tuple[Phone, ...] = ()
    opening: Opening = Opening()


def decide(question: Question, facts: Facts) -> Answer:
    """Choose for one call."""
    if facts.rule == "blocked":
        return Answer(busy=True, reason={"why": "blocked"})
    if not facts.opening.is_open and facts.rule != "vip":
        return _sent_to(facts.opening.after_hours, {"why": "closed"})
    if facts.rule == "vip" and facts.vip_extension and facts.vip_extension not in question.tried:
        return Answer(extensions=(facts.vip_extension,), reason={"why": "vip"})
    return _among_people(question, facts)


def _among_people(question: Question, facts: Facts) -> Answer:
    fresh = [one for one in facts.phones if one.available and one.extension not in question.tried]
    manager = next((one for one in fresh if one.employee_id == facts.manager_id), None)
    if manager is not None:
        return _ring([manager], "client_manager", facts)
    if (by_number := _by_number(question, facts)) is not None:
        return by_number
    members = [one for one in fresh if one.member]
    if facts.rule == "vip" and members:
        return _ring(members, "vip", facts)
    return _by_queue(members, question, facts)


def _sent_to(target: str, reason: dict[str, Any]) -> Answer:
    """`ext:101&102` or `queue:night`, a queue of the PBX."""
    kind, _, name = target.partition(":")
    if kind == "ext" and name:
        return Answer(extensions=tuple(name.split("&")), reason=reason)
    return Answer(queue=name or None, reason=reason)


def _by_number(question: Question, facts: Facts) -> Answer | None:
    """Where the dialled number leads past our queues; phones that rang in vain lead nowhere."""
    target = facts.opening.target
    if not target.startswith(("ext:", "queue:")):
        return None
    found = _sent_to(target, {"why": "number", "did": question.did, "target": target})
    return None if set(found.extensions) & set(question.tried) else found


def _by_queue(members: Sequence[Phone], question: Question, facts: Facts) -> Answer:
    if not members:
        on_shift = [one for one in facts.phones if one.member and one.presence == "on"]
        tried = [one for one in on_shift if one.extension in question.tried]
        why = "nobody_on_shift" if not on_shift else ("all_tried" if tried else "all_busy")
        return Answer(reason={"why": why, "on_shift": len(on_shift), **_asked(facts)})
    if facts.strategy == "everyone":
        return _ring(sorted(members, key=lambda one: one.position), "everyone", facts)
    chosen = min(members, key=lambda one: _order(one, facts.strategy))
    return _ring([chosen], facts.strategy, facts)


def _order(one: Phone, strategy: str) -> tuple[Any, ...]:
    turn = (one.last_call_at or NEVER, one.position, one.employee_id)
    return turn if strategy == "round_robin" else (one.calls_today, *turn)


def _ring(chosen: Sequence[Phone], why: str, facts: Facts) -> Answer:
    reason: dict[str, Any] = {"why": why, "employee_ids": [one.employee_id for one in chosen]}
    if why != "client_manager":
        reason |= _asked(facts)
    away = next((one for one in facts.phones if one.employee_id == facts.manager_id), None)
    if why != "client_manager" and away is not None:
        reason["manager"] = "busy" if away.presence == "on" else away.presence
    return Answer(extensions=tuple(one.extension for one in chosen), reason=reason)


def _asked(facts: Facts) -> dict[str, Any]:
    """Whose turn it was, when the dialled number chose the queue; a queue that is no more."""
    if not facts.opening.target or ":" in facts.opening.target:
        return {}
    lost = {} if facts.queue == facts.opening.target else {"no_queue": facts.opening.target}
    return {"queue": facts.queue, **lost}
