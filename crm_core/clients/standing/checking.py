"""Conditions as they may be kept: fields and roles there are, days that make sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_core.clients.roles import Counterparty
from crm_core.clients.standing.conditions import FILLABLE, TIMED, Condition, What
from crm_core.fields.kinds import Field
from crm_core.fields.queries import by_key
from crm_core.fields.values import is_empty, parse
from crm_core.kernel import clock
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

MOST_DAYS = 3650
NO_FIELD = N_("There is no such field.")
NO_ROLE = N_("There is no such role.")
DAYS = N_("Days are from 1 to %(most)s.")
NO_VALUE = N_("Say which value of the field %(field)s is meant.")
NOT_FILLED = N_("A full card asks only for what people can fill in.")


async def kept(conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions in their one form; Invalid."""
    given = list(conditions)
    fields = await by_key("client") if given else {}
    return [checked(one, fields) for one in given]


def checked(condition: Condition, fields: Mapping[str, Field]) -> Condition:
    """Without what does not belong to it, its value as fields keep it. Pure; Invalid."""
    what, bare = condition.what, {"what": condition.what, "no": condition.no}
    if what in TIMED:
        if not 0 < condition.days <= MOST_DAYS:
            raise Invalid(DAYS, most=MOST_DAYS)
        return Condition(**bare, days=condition.days)
    if what in {What.FIELD, What.FIELD_IS}:
        field = fields.get(condition.key)
        if field is None:
            raise Invalid(NO_FIELD)
        if what is What.FIELD:
            return Condition(**bare, key=field.key)
        return Condition(**bare, key=field.key, value=_value(field, condition.value))
    if what is What.ROLE and condition.key:
        if condition.key not in set(Counterparty):
            raise Invalid(NO_ROLE)
        return Condition(**bare, key=condition.key)
    return Condition(**bare)


def _value(field: Field, raw: object) -> object:
    """Of several to choose from, one is looked for."""
    if is_empty(raw):
        raise Invalid(NO_VALUE, field=field.title)
    value = parse(field, [raw] if field.kind == "choices" else raw, clock.now().date())
    return value[0] if isinstance(value, list) and value else value


def require_fillable(condition: Condition) -> None:
    if condition.no or condition.what not in FILLABLE:
        raise Invalid(NOT_FILLED)
