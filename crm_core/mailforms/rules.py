"""How a template reads a mail: labels before values. Pure.

A template is a sample mail with names in braces where the values stand::

    Имя: {name}
    Телефон: {phone}
    Почта: {email?}
    Сообщение:
    {text}

`{…?}` may be missing. `name`, `phone`, `email`, `text`, `subject`, `amount`, `page`, `id` (the
site's number of the entry) and `utm_…` have a meaning; any other name is kept under itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

PLACE = re.compile(r"\{\s*([^{}?]{1,60}?)\s*(\?)?\s*\}")
GAP = r"[^\S\n]*"
MEANT = frozenset({"name", "phone", "email", "text", "subject", "amount", "page", "id"})
WHO = frozenset({"name", "phone", "email"})
NO_PLACES = N_("The template has no {name}, {phone} or other field in braces.")
NO_LABEL = N_("Before {%(field)s} there must be the words that stand before the value in the mail.")
TWICE = N_("The field {%(field)s} stands in the template twice.")
NOBODY = N_("The template needs {name}, {phone} or {email}: otherwise nobody knows who asks.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A value: the words before it, and those after it on its line."""

    name: str
    label: str
    after: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found, and labels of required values that were not."""

    values: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def parse(template: str) -> list[Slot]:
    """The slots of a template; Invalid says what is wrong with it."""
    found = list(PLACE.finditer(template))
    if not found:
        raise Invalid(NO_PLACES)
    slots: list[Slot] = []
    for number, match in enumerate(found):
        before = template[found[number - 1].end() if number else 0 : match.start()]
        label = next((line.strip() for line in reversed(before.split("\n")) if line.strip()), "")
        if not re.search(r"[^\W_]|[№#]", label):
            raise Invalid(NO_LABEL, field=match[1])
        if any(slot.name == match[1] for slot in slots):
            raise Invalid(TWICE, field=match[1])
        after = template[match.end() :].split("\n", 1)[0].partition("{")[0].strip()
        slots.append(Slot(name=match[1], label=label, after=after, optional=bool(match[2])))
    if not WHO.intersection(slot.name for slot in slots):
        raise Invalid(NOBODY)
    return slots


def read(template: str, text: str) -> Reading:
    """Values of a mail's text. Labels may stand in any order and any case."""
    slots = parse(template)
    spots = sorted(_spots(slots, text))
    values: dict[str, str] = {}
    for number, (_start, end, slot) in enumerate(spots):
        until = spots[number + 1][0] if number + 1 < len(spots) else len(text)
        values[slot.name] = _value(text[end:until], slot)
    missing = [slot.label for slot in slots if not slot.optional and not values.get(slot.name)]
    kept = {name: value for name, value in values.items() if value}
    return Reading(values=kept, missing=tuple(label.rstrip(" :") for label in missing))


def _spots(slots: list[Slot], text: str) -> list[tuple[int, int, Slot]]:
    """Where labels begin and end: at the beginning of a line, each once, the longest first."""
    found: list[tuple[int, int, Slot]] = []
    for slot in sorted(slots, key=lambda one: -len(one.label)):
        words = GAP.join(re.escape(word) for word in slot.label.rstrip(" :").split())
        rule = re.compile(rf"^{GAP}[*•-]?{GAP}{words}{GAP}[:：]?", re.IGNORECASE | re.MULTILINE)
        taken = [(start, end) for start, end, _slot in found]
        for match in rule.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                found.append((match.start(), match.end(), slot))
                break
    return found


def _value(raw: str, slot: Slot) -> str:
    text = raw.strip().strip("*").strip()
    if slot.after and text.endswith(slot.after):
        text = text.removesuffix(slot.after).strip()
    elif slot.after and slot.after in text:
        text = text.partition(slot.after)[0].strip()
    if slot.name != "text":
        # What follows an empty line belongs to no value but a long one.
        text = re.split(r"\n\s*\n", text)[0]
    return text
