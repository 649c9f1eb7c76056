"""Who is offered a dialog or a request: pure decisions over plain facts.

Order: the client's own manager when on shift; else the queue's strategy among people on shift
who have room and have not declined. The reason is data (see bot texts for its words).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person as the decision sees them. `member`: belongs to the case's queue."""

    id: int
    name: str = ""
    presence: str = "on"
    load: int = 0
    capacity: int = 10
    last_assigned_at: datetime | None = None
    position: int = 0
    member: bool = True

    @property
    def available(self) -> bool:
        return self.presence == "on" and self.load < self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A dialog or request that needs somebody."""

    id: int
    strategy: str = "least_loaded"
    client_manager_id: int | None = None
    declined: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`employee_ids`: one holds the offer, or (`shared`) all see it and the first wins; or none."""

    employee_ids: tuple[int, ...] = ()
    reason: dict[str, Any] = field(default_factory=dict)
    shared: bool = False

    @property
    def one(self) -> int | None:
        """Who holds the offer; nobody does when it is shared, however few see it."""
        return self.employee_ids[0] if self.employee_ids and not self.shared else None


def decide(case: Case, people: Sequence[Candidate]) -> Decision:
    """Choose for one dialog."""
    manager = _manager(case, people)
    if manager is not None:
        return Decision(employee_ids=(manager.id,), reason={"why": "client_manager"})
    members = [one for one in people if one.member and one.presence == "on"]
    free = [one for one in members if one.load < one.capacity]
    fresh = [one for one in free if one.id not in case.declined]
    if not free:
        why = "all_busy" if members else "nobody_on_shift"
        return Decision(reason={"why": why, "on_shift": len(members)})
    if case.strategy == "everyone" or not fresh:
        why = "everyone" if case.strategy == "everyone" else "all_declined"
        return Decision(
            employee_ids=tuple(sorted(one.id for one in free)),
            reason={"why": why, "among": len(free)},
            shared=True,
        )
    chosen = min(fresh, key=_order(case.strategy))
    reason = {"why": case.strategy, "load": chosen.load, "among": len(fresh)}
    if case.declined:
        reason["passed"] = len(case.declined)
    return Decision(employee_ids=(chosen.id,), reason=reason)


def _manager(case: Case, people: Sequence[Candidate]) -> Candidate | None:
    for one in people:
        if one.id == case.client_manager_id and one.available and one.id not in case.declined:
            return one
    return None


def _order(strategy: str) -> Any:
    """Least loaded: fewest open, then idle for longest. Round robin: whose turn is longest ago."""
    if strategy == "round_robin":
        return lambda one: (one.last_assigned_at or NEVER, one.position, one.id)
    return lambda one: (one.load, one.last_assigned_at or NEVER, one.position, one.id)


def decide_all(
    cases: Sequence[Case], people: dict[int, Sequence[Candidate]], now: datetime
) -> dict[int, Decision]:
    """Choose for several dialogs one after another, each choice counting for the next.

    `people`: candidates by the case's id; the same person may stand in several lists.
    """
    current: dict[int, Candidate] = {one.id: one for rows in people.values() for one in rows}
    decisions: dict[int, Decision] = {}
    for turn, case in enumerate(cases):
        rows = [
            replace(
                one,
                load=current[one.id].load,
                last_assigned_at=current[one.id].last_assigned_at,
            )
            for one in people[case.id]
        ]
        decision = decide(case, rows)
        decisions[case.id] = decision
        if decision.one is not None:
            held = current[decision.one]
            # Within one moment the order of turns still counts.
            moment = now.replace(microsecond=min(now.microsecond + turn, 999_999))
            current[held.id] = replace(held, load=held.load + 1, last_assigned_at=moment)
    return decisions
