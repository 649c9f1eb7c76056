"""Which status a client has, and how full their card is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from crm_core.clients.standing.conditions import TALK, TIMED, Condition, Facts, holds, turns_at
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

WHOLE = 100
WRONG_SUM = N_("The weights sum to %(sum)s: they must sum to 100.")
TWICE = N_("The same condition stands in the template twice.")


class Part(BaseModel):
    """What a full card has, and how many percent it is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    condition: Condition
    weight: int = Field(gt=0, le=WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    id: int
    title: str
    mark: str
    color: str
    template: tuple[Part, ...] = ()
    is_default: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: int
    status_id: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The admin's statuses, and their rules in order."""

    statuses: Mapping[int, Status]
    rules: Sequence[Rule] = ()

    @property
    def default(self) -> Status | None:
        return next((one for one in self.statuses.values() if one.is_default), None)

    @property
    def live_rules(self) -> list[Rule]:
        """Rules without a condition or of a status put away give nobody anything."""
        return [
            one
            for one in self.rules
            if one.conditions
            and (status := self.statuses.get(one.status_id))
            and not status.archived
        ]

    def asks(self, about: Iterable[str]) -> bool:
        """Whether any rule depends on one of these."""
        return any(one.what in about for rule in self.live_rules for one in rule.conditions)

    @property
    def talks(self) -> bool:
        return self.asks(TALK)

    @property
    def timed(self) -> bool:
        return self.asks(TIMED)


def decide(policy: Policy, facts: Facts, now: datetime) -> int | None:
    """The status of the first rule that fits, else the default one; None without statuses."""
    for rule in policy.live_rules:
        if all(holds(one, facts, now) for one in rule.conditions):
            return rule.status_id
    return policy.default.id if policy.default else None


def due(policy: Policy, facts: Facts, now: datetime) -> datetime | None:
    """When time alone may change the status: the next moment a silence gets long enough."""
    turns = [
        at
        for rule in policy.live_rules
        for one in rule.conditions
        if one.what in TIMED and (at := turns_at(one, facts)) > now
    ]
    return min(turns, default=None)


def percent(template: Sequence[Part], facts: Facts, now: datetime) -> int | None:
    """The weights of what is filled, 0 to 100; None when nothing is asked for."""
    if not template:
        return None
    return sum(one.weight for one in template if holds(one.condition, facts, now))


def missing(template: Sequence[Part], facts: Facts, now: datetime) -> tuple[Part, ...]:
    """What is lacking, the weightiest first."""
    lacking = (one for one in template if not holds(one.condition, facts, now))
    return tuple(sorted(lacking, key=lambda one: -one.weight))


def require_whole(template: Sequence[Part]) -> None:
    """Invalid unless the weights sum to 100 and nothing stands there twice; none at all is fine."""
    total = sum(one.weight for one in template)
    if template and total != WHOLE:
        raise Invalid(WRONG_SUM, sum=total)
    asked = [one.condition for one in template]
    if any(one in asked[:place] for place, one in enumerate(asked)):
        raise Invalid(TWICE)


def shared_out(conditions: Sequence[Condition]) -> tuple[Part, ...]:
    """These conditions with even weights; what is left over goes to the first ones."""
    if not conditions:
        return ()
    each, rest = divmod(WHOLE, len(conditions))
    return tuple(
        Part(condition=one, weight=each + (place < rest)) for place, one in enumerate(conditions)
    )
