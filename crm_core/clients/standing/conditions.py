"""What can be asked of a client: the conditions of statuses and of full cards. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class What(StrEnum):
    """What is asked. `FIELD`: the field `key` is filled; `FIELD_IS`: it is (or holds) `value`;
    `ROLE`: the client has role `key`, or any; `SILENT_…`: nothing for `days` days in or out."""

    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    CONTACT = "contact"
    MANAGER = "manager"
    NOTE = "note"
    ROLE = "role"
    FIELD = "field"
    FIELD_IS = "field_is"
    DIALOG = "dialog"
    REQUEST = "request"
    SILENT_IN = "silent_in"
    SILENT_OUT = "silent_out"


# What a person can fill in; a full card asks for these alone.
FILLABLE = (
    What.PHONE,
    What.EMAIL,
    What.MESSENGER,
    What.CONTACT,
    What.MANAGER,
    What.NOTE,
    What.ROLE,
    What.FIELD,
)
TALK = frozenset({What.DIALOG, What.SILENT_IN, What.SILENT_OUT})
TIMED = frozenset({What.SILENT_IN, What.SILENT_OUT})


class Condition(BaseModel):
    """One question. With `no` it holds when the answer is no."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: What
    key: str = ""
    value: Any = None
    days: int = 0
    no: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a client. `contact`: any way to reach them; `dialog`, `request`: an open
    one; `last_in`, `last_out`: when a message came and went last."""

    id: int
    created_at: datetime
    fields: Mapping[str, Any]
    roles: tuple[str, ...] = ()
    manager: bool = False
    phone: bool = False
    email: bool = False
    messenger: bool = False
    contact: bool = False
    note: bool = False
    dialog: bool = False
    request: bool = False
    last_in: datetime | None = None
    last_out: datetime | None = None


def holds(condition: Condition, facts: Facts, now: datetime) -> bool:
    """Whether the client fits."""
    if condition.what in TIMED:
        answer = turns_at(condition, facts) <= now
    elif ask := ASKS.get(condition.what):
        answer = ask(condition, facts)
    else:
        answer = bool(getattr(facts, condition.what.value))
    return answer is not condition.no


def turns_at(condition: Condition, facts: Facts) -> datetime:
    """When the silence is as long as asked. Who never wrote is silent since the card was made."""
    last = facts.last_in if condition.what is What.SILENT_IN else facts.last_out
    return (last or facts.created_at) + timedelta(days=condition.days)


def _role(condition: Condition, facts: Facts) -> bool:
    return condition.key in facts.roles if condition.key else bool(facts.roles)


def _filled(condition: Condition, facts: Facts) -> bool:
    return condition.key in facts.fields


def _is(condition: Condition, facts: Facts) -> bool:
    value = facts.fields.get(condition.key)
    return condition.value in value if isinstance(value, list) else value == condition.value


ASKS: dict[What, Callable[[Condition, Facts], bool]] = {
    What.ROLE: _role,
    What.FIELD: _filled,
    What.FIELD_IS: _is,
}
