"""Facts about fields' definitions."""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanged(Event):
    """A field was added, or its definition changed. `before`: what it was, None of a new one."""

    field_id: int
    owner: str
    key: str
    title: str
    archived: bool
    before: dict[str, object] | None
