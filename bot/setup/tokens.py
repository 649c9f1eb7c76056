"""Conditions in a few bytes that a button carries. Pure.

`phone` · `!phone` · `silent_in.90` · `role.client` · `f12` field 12 is filled · `f12=o3` it is o3.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.clients.standing.conditions import Condition, What
from crm_core.fields.kinds import Field
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_

OUTDATED = N_("This button is outdated: open the screen again.")


def condition(token: str, fields: Sequence[Field]) -> Condition:
    """What a token stands for; Conflict for one that means nothing (any more)."""
    no, bare = token.startswith("!"), token.removeprefix("!")
    head, _dot, tail = bare.partition(".")
    if bare[:1] == "f" and bare[1:2].isdigit():
        return _of_field(bare, fields, no=no)
    if head not in set(What):
        raise Conflict(OUTDATED)
    if tail.isdecimal():
        return Condition(what=What(head), days=int(tail), no=no)
    return Condition(what=What(head), key=tail, no=no)


def _of_field(bare: str, fields: Sequence[Field], *, no: bool) -> Condition:
    number, equals, value = bare[1:].partition("=")
    found = next((one for one in fields if str(one.id) == number), None)
    if found is None:
        raise Conflict(OUTDATED)
    if equals:
        return Condition(what=What.FIELD_IS, key=found.key, value=value, no=no)
    return Condition(what=What.FIELD, key=found.key, no=no)
