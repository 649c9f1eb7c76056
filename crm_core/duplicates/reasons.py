"""Why two cards may be one: reasons with their words, and how sure it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_core.clients.rules import display_phone
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

# In percent: from LIKELY on people are told, from CERTAIN on it would be odd if it were not so.
LIKELY, CERTAIN = 70, 95


class Reason(StrEnum):
    """What speaks for two cards being one, the strongest first."""

    INN = "inn"
    ACCOUNT = "account"
    MAIL = "mail"
    PHONE = "phone"
    DOMAIN = "domain"
    NAME = "name"
    NAME_CLOSE = "name_close"
    INITIALS = "initials"
    NAME_PART = "name_part"
    RENAMED = "renamed"


TITLES = {
    Reason.INN: N_("the same INN %(value)s"),
    Reason.ACCOUNT: N_("the same account in a messenger"),
    Reason.MAIL: N_("the same mail address %(value)s"),
    Reason.PHONE: N_("the same phone %(value)s"),
    Reason.DOMAIN: N_("mail of the same company %(value)s"),
    Reason.NAME: N_("the same name"),
    Reason.NAME_CLOSE: N_("names differ by a slip or a short form"),
    Reason.INITIALS: N_("surname and initials agree"),
    Reason.NAME_PART: N_("one name is a part of the other"),
    Reason.RENAMED: N_("the same first name with another surname"),
}
CONTACTS = frozenset({Reason.INN, Reason.ACCOUNT, Reason.MAIL, Reason.PHONE})


@dataclass(frozen=True, slots=True)
class Why:
    """A reason and what it rests on: a number, an address, a domain, names."""

    reason: Reason
    value: str

    @property
    def key(self) -> str:
        """Tells this reason from others, also after years: `phone:+79123456789`."""
        return f"{self.reason.value}:{self.value}"

    @classmethod
    def of(cls, key: str) -> Why:
        """The reason behind a key."""
        reason, _colon, value = key.partition(":")
        return cls(Reason(reason), value)

    @property
    def text(self) -> str:
        """In the language in force."""
        shown = display_phone(self.value) if self.reason is Reason.PHONE else self.value
        return _(TITLES[self.reason]) % {"value": shown}


@dataclass(frozen=True, slots=True)
class Match:
    """How sure it is (0 to 100) that two cards are one, and why, the strongest first."""

    score: int
    whys: tuple[Why, ...]

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def certain(self) -> bool:
        return self.score >= CERTAIN

    @property
    def touches(self) -> bool:
        """They share a contact, whatever the rest says: worth telling whoever types it in."""
        return any(one.reason in CONTACTS for one in self.whys)
