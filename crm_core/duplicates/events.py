"""Facts about possible duplicates."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateProposed(Event):
    """This card and `other_id` may be one, `score` percent sure; `reasons` are keys of `Why`."""

    pair_id: int
    other_id: int
    score: int
    reasons: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDismissed(Event):
    """Somebody has looked: this card and `other_id` are two clients."""

    pair_id: int
    other_id: int
