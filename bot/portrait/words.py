"""Conditions, statuses and roles in people's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_core.clients.roles import TITLES, Counterparty
from crm_core.clients.standing.conditions import Condition, What
from crm_core.clients.standing.queries import Portrait
from crm_core.fields.kinds import Field
from crm_core.fields.showing import render
from crm_core.kernel import i18n
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

WHATS: dict[What, str] = {
    What.PHONE: N_("phone"),
    What.EMAIL: N_("mail address"),
    What.MESSENGER: N_("messenger"),
    What.CONTACT: N_("any contact"),
    What.MANAGER: N_("manager"),
    What.NOTE: N_("note on the card"),
    What.ROLE: N_("role"),
    What.DIALOG: N_("open dialog"),
    What.REQUEST: N_("open request"),
}


def condition(one: Condition, fields: Mapping[str, Field]) -> str:
    """`phone`, `no manager`, `City: Tula`, `has not written for 90 days`."""
    said = _said(one, fields)
    return _("not: %(condition)s") % {"condition": said} if one.no else said


def _said(one: Condition, fields: Mapping[str, Field]) -> str:
    days = {"count": one.days}
    if one.what is What.SILENT_IN:
        told = ngettext("silent for %(count)s day", "silent for %(count)s days", one.days)
        return told % days
    if one.what is What.SILENT_OUT:
        told = ngettext(
            "not written to for %(count)s day", "not written to for %(count)s days", one.days
        )
        return told % days
    if one.what in {What.FIELD, What.FIELD_IS}:
        return _field(one, fields.get(one.key))
    if one.what is What.ROLE and one.key:
        return role(one.key)
    return _(WHATS[one.what])


def _field(one: Condition, field: Field | None) -> str:
    if field is None:
        return one.key
    title = field.titled(i18n.current())
    if one.what is What.FIELD:
        return title
    value = [one.value] if field.kind == "choices" else one.value
    return f"{title}: {render(field, value, i18n.current())}"


def role(key: str) -> str:
    return _(TITLES[Counterparty(key)]) if key in set(Counterparty) else key


def roles(keys: Iterable[str]) -> str:
    return ", ".join(role(key) for key in keys)


def standing(one: Portrait) -> str:
    """`🟨 In work · 60 % · supplier`; empty when nothing is known."""
    parts = [
        f"{one.status.mark} {one.status.title}" if one.status else "",
        f"{one.percent} %" if one.percent is not None else "",
        roles(one.roles),
    ]
    return " · ".join(filter(None, parts))
