"""Facts about contact persons, requisites and kinds of cards.

Of a link both cards have a fact of their own: `Person…` stands with the company, `Company…` with
the person.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLinked(Event):
    link_id: int
    person_id: int
    person_name: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLinked(Event):
    link_id: int
    company_id: int
    company_name: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlinked(Event):
    """`was_main`: they were the company's main contact until then."""

    link_id: int
    person_id: int
    person_name: str
    position: str
    was_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyUnlinked(Event):
    link_id: int
    company_id: int
    company_name: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MainPersonSet(Event):
    """The company's main contact (None: nobody), and who it was before."""

    person_id: int | None
    person_name: str
    before_person_id: int | None
    before_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionChanged(Event):
    link_id: int
    person_id: int
    person_name: str
    position: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitesChanged(Event):
    """Only the fields that changed; an empty text is nothing."""

    after: dict[str, str]
    before: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    contact_id: int
    kind: str
    value: str
    label: str
    preferred: bool
    before_label: str
    before_preferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKindSet(Event):
    kind: str
    before: str
