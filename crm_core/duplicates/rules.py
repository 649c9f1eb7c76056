"""Two cards compared: what they share, what stands against it, and how sure it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.duplicates.likeness import Likeness, likeness
from crm_core.duplicates.mails import box, company_domain
from crm_core.duplicates.names import GENERIC, Name, parse
from crm_core.duplicates.reasons import Match, Reason, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A card, or somebody not written down yet (`id` 0), as duplicates see them.

    `phones` in E.164; `accounts` are `kind:external id` of channels whose ids follow the person
    from one account of ours to another; `inn` is None where none is known.
    """

    id: int = 0
    kind: str = "person"
    name: str = ""
    phones: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    inn: str | None = None
    parsed: Name = field(init=False, repr=False, compare=False)
    boxes: frozenset[str] = field(init=False, repr=False, compare=False)
    domains: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {company_domain(one) for one in self.mails}
        for name, value in (
            ("parsed", parse(self.name, self.kind)),
            ("boxes", frozenset(map(box, self.mails))),
            ("domains", frozenset(one for one in known if one)),
        ):
            object.__setattr__(self, name, value)  # what follows from the rest, worked out once


# How sure it is, by the strongest contact in common and what the names say.
L = Likeness
ORDER = (L.SAME, L.CLOSE, L.INITIALS, L.PART, L.RENAMED, L.UNKNOWN, L.OTHER)
SURE: dict[str, dict[Likeness, int]] = {
    name: dict(zip(ORDER, row, strict=True))
    for name, row in {
        "several": (99, 99, 98, 97, 92, 95, 60),
        "account": (99, 98, 98, 97, 95, 96, 90),
        "inn": (99, 97, 95, 90, 50, 90, 55),
        "mail": (98, 97, 96, 93, 85, 88, 45),
        "phone": (98, 97, 95, 90, 75, 80, 40),
        "firm": (96, 92, 70, 80, 20, 40, 35),
        "domain": (93, 86, 90, 75, 40, 20, 5),
        "company": (75, 72, 40, 45, 0, 0, 0),
        "full": (78, 72, 70, 50, 30, 0, 0),
        "person": (71, 60, 70, 45, 20, 0, 0),
    }.items()
}
NAMES = {
    L.SAME: Reason.NAME,
    L.CLOSE: Reason.NAME_CLOSE,
    L.INITIALS: Reason.INITIALS,
    L.PART: Reason.NAME_PART,
    L.RENAMED: Reason.RENAMED,
}
# With another INN it is somebody else, whatever is shared; a name alone weighs less when the
# contacts speak against it, and next to nothing when many bear it.
OTHER_INN, DOUBT, COMMON = 30, 0.75, 40


def compare(one: Compared, two: Compared) -> Match:
    """How sure it is that these two are one, and why; the order does not matter."""
    said = likeness(one.parsed, two.parsed)
    shared = _contacts(one, two)
    row = _row(one, two, shared)
    score = SURE[row][said]
    if not shared:
        score = _by_name(one, two, score)
    if one.inn and two.inn and one.inn != two.inn:
        score = min(score, OTHER_INN)
    whys = list(shared)
    if said in NAMES:
        names = sorted(" ".join(card.parsed.words) for card in (one, two))
        whys.append(Why(NAMES[said], "|".join(names)))
    return Match(score, tuple(whys))


def hopeless(one: Compared, two: Compared) -> bool:
    """Whether no name could make these two likely: people with phones or boxes, none in common.

    Cheap: most of those who share a frequent name end here.
    """
    if one.parsed.company or two.parsed.company or _contacts(one, two):
        return False
    return _against(one, two, company=False)


def _contacts(one: Compared, two: Compared) -> list[Why]:
    found = [Why(Reason.INN, one.inn)] if one.inn and one.inn == two.inn else []
    found += [Why(Reason.ACCOUNT, value) for value in sorted(one.accounts & two.accounts)]
    found += [Why(Reason.MAIL, value) for value in sorted(one.boxes & two.boxes)]
    found += [Why(Reason.PHONE, value) for value in sorted(one.phones & two.phones)]
    if not any(why.reason is Reason.MAIL for why in found):
        found += [Why(Reason.DOMAIN, value) for value in sorted(one.domains & two.domains)]
    return found


def _row(one: Compared, two: Compared, shared: list[Why]) -> str:
    """Which row of the table speaks."""
    kinds = {why.reason for why in shared}
    company = one.parsed.company or two.parsed.company
    if Reason.ACCOUNT in kinds:
        return "account"
    if len(kinds & {Reason.INN, Reason.MAIL, Reason.PHONE}) > 1:
        return "several"
    for reason in (Reason.INN, Reason.MAIL, Reason.PHONE):
        if reason in kinds:
            return reason.value
    if Reason.DOMAIN in kinds:
        return "firm" if company else "domain"
    if company:
        return "company"
    return "full" if min(len(one.parsed.words), len(two.parsed.words)) > 2 else "person"


def _by_name(one: Compared, two: Compared, score: int) -> int:
    """Nothing but the name is shared."""
    company = one.parsed.company or two.parsed.company
    words = set(one.parsed.words) | set(two.parsed.words)
    if words <= GENERIC or (not company and len(words) < 2):
        return min(score, COMMON)
    return int(score * DOUBT) if _against(one, two, company=company) else score


def _against(one: Compared, two: Compared, *, company: bool) -> bool:
    """Their contacts or legal forms differ. Companies have many phones: those say nothing."""
    if one.domains and two.domains:
        return True
    if company:
        forms = {one.parsed.legal, two.parsed.legal} - {None}
        return len(forms) > 1
    return bool((one.phones and two.phones) or (one.boxes and two.boxes))
