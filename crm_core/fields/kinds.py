"""What a field is. Pure.

Values as they stand in JSON, by kind: text a string · number a decimal string · money
{amount, currency} · date `2026-03-05` · choice an option's key · choices a list of keys · yes_no a
boolean · person an employee's number · file {sha, name, mime, size}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

# Deals and requests join when they have cards of their own.
Owner = Literal["client"]
Value: TypeAlias = Any


class FieldKind(StrEnum):
    """What stands in a field."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PERSON = "person"
    FILE = "file"


WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things to choose from; an archived one is shown where it stands, not offered."""

    key: str
    title: str
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field's definition."""

    id: int
    owner: str
    key: str
    title: str
    kind: FieldKind
    titles: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    required: bool = False
    archived: bool = False

    def titled(self, language: str) -> str:
        """The title in a language, else as the admin wrote it."""
        return self.titles.get(language) or self.title

    @property
    def offered(self) -> tuple[Option, ...]:
        return tuple(one for one in self.options if not one.archived)

    def option(self, key: str) -> Option | None:
        return next((one for one in self.options if one.key == key), None)
