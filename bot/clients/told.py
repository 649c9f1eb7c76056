"""Facts of a client's past in one line each. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.calls.words import length
from bot.clients import toldlinks
from bot.clients.names import Names
from bot.portrait.words import roles
from bot.screen import shorten
from bot.times import moment
from crm_core.calls.results import TITLES
from crm_core.clients.rules import display_phone
from crm_core.clients.timeline import TimelineItem
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

NOBODY = "—"
LINE = 220


def told(item: TimelineItem, names: Names, timezone: str) -> str:
    """`✔️ today 14:05 · Closed: paid · Irina`."""
    sign, words = _said(item, names, timezone)
    by = item.author if item.author and item.author not in words else None
    parts = [moment(item.at, timezone), words, by]
    return shorten(f"{sign} " + " · ".join(filter(None, parts)), LINE)


def _said(item: TimelineItem, names: Names, timezone: str) -> tuple[str, str]:
    if item.what == "DialogSnoozed":
        return "💤", _snoozed(item, timezone)
    sign, say = FACTS.get(item.what, ("•", lambda _item, _names: item.what))
    return sign, say(item, names)


def _person(item: TimelineItem, names: Names, key: str) -> str:
    return names.people.get(item.data.get(key) or 0, NOBODY)


def _created(_item: TimelineItem, _names: Names) -> str:
    return _("The card was made")


def _renamed(item: TimelineItem, _names: Names) -> str:
    return _("Renamed: %(before)s → %(name)s") % item.data


def _managed(item: TimelineItem, names: Names) -> str:
    people = {"name": _person(item, names, "manager_id")}
    return _("Looked after by: %(name)s") % people


def _contact(item: TimelineItem) -> str:
    value = str(item.data.get("value", ""))
    return display_phone(value) if item.data.get("kind") == "phone" else value


def _contact_added(item: TimelineItem, _names: Names) -> str:
    return _("Contact added: %(value)s") % {"value": _contact(item)}


def _contact_removed(item: TimelineItem, _names: Names) -> str:
    return _("Contact removed: %(value)s") % {"value": _contact(item)}


def _merged(item: TimelineItem, _names: Names) -> str:
    return _("Merged with the card of %(gone_name)s") % item.data


def _unmerged(item: TimelineItem, _names: Names) -> str:
    return _("Apart again from the card of %(gone_name)s") % item.data


def _classified(item: TimelineItem, _names: Names) -> str:
    return f"{_(item.data['catalogue'])}: + {_(item.data['title'])}"


def _declassified(item: TimelineItem, _names: Names) -> str:
    return f"{_(item.data['catalogue'])}: − {_(item.data['title'])}"


def _interest(item: TimelineItem, _names: Names) -> str:
    after = item.data.get("after", {})
    source = f": {after['source']}" if after.get("source") else ""
    return _("How they came: %(channel)s") % {"channel": _(after.get("channel", "")) + source}


def _opened(item: TimelineItem, names: Names) -> str:
    channel = names.channels.get(item.data.get("channel_id") or 0, NOBODY)
    return _("New dialog: %(channel)s") % {"channel": channel}


def _accepted(item: TimelineItem, names: Names) -> str:
    return _("Accepted by %(name)s") % {"name": _person(item, names, "employee_id")}


def _transferred(item: TimelineItem, names: Names) -> str:
    queue = names.queues.get(item.data.get("to_queue_id") or 0, "")
    goal = queue or _person(item, names, "to_employee_id")
    handed = _("Handed over to %(name)s") % {"name": goal}
    comment = item.data.get("comment")
    return f"{handed}: {comment}" if comment else handed


def _returned(item: TimelineItem, names: Names) -> str:
    return _("Back in the queue, from %(name)s") % {"name": _person(item, names, "employee_id")}


def _snoozed(item: TimelineItem, timezone: str) -> str:
    until = item.data.get("until")
    if not until:
        return _("Put off until the client writes")
    at = moment(datetime.fromisoformat(str(until)), timezone)
    return _("Put off until %(time)s") % {"time": at}


def _closed(item: TimelineItem, _names: Names) -> str:
    summary = item.data.get("summary")
    return _("Dialog closed: %(summary)s") % {"summary": summary} if summary else _("Dialog closed")


def _reach(item: TimelineItem, names: Names) -> str:
    channel = {"channel": names.channels.get(item.data.get("channel_id") or 0, NOBODY)}
    if item.data.get("reachable"):
        return _("Can be written to again: %(channel)s") % channel
    return _("Can no longer be written to: %(channel)s") % channel


def requested(item: TimelineItem, timezone: str) -> str:
    """`📥 today 14:05 · Website · rejected: Spam`."""
    state = _(STATES.get(item.what, item.what))
    why = item.data.get("rejected_for") or item.data.get("outcome")
    told = f"{state}: {_(OUTCOMES.get(str(why), str(why)))}" if why else state
    whence = [_(str(one)) for key in ("source", "subject") if (one := item.data.get(key))]
    return shorten(" · ".join((f"📥 {moment(item.at, timezone)}", *whence, told)), LINE)


def called(item: TimelineItem, timezone: str) -> str:
    """`📞 today 14:05 · incoming call 3:25 · Agreed · Irina`."""
    data = item.data
    if item.status != "ended":
        said = _("the call goes on")
    elif item.what == "outbound":
        spoke = data.get("outcome") == "answered"
        said = _("outgoing call") if spoke else _("outgoing call, not reached")
    else:
        spoke = data.get("outcome") == "answered"
        said = _("incoming call") if spoke else _("missed call")
    if data.get("outcome") == "answered":
        said = f"{said} {length(float(data.get('talk_seconds') or 0))}"
    result = _(TITLES.get(str(data.get("result") or ""), ""))
    parts = [moment(item.at, timezone), said, result, item.author]
    return shorten("📞 " + " · ".join(filter(None, parts)), LINE)


STATES = {
    "new": N_("request waits"),
    "accepted": N_("request in work"),
    "rejected": N_("request rejected"),
    "done": N_("request done"),
}
OUTCOMES = {
    "client": N_("became a client"),
    "deal": N_("became a deal"),
    "dialog": N_("went on as a dialog"),
    "handled": N_("dealt with"),
}


def _request_accepted(item: TimelineItem, names: Names) -> str:
    return _("Request accepted by %(name)s") % {"name": _person(item, names, "employee_id")}


def _request_rejected(item: TimelineItem, _names: Names) -> str:
    return _("Request rejected: %(reason)s") % {"reason": _(str(item.data.get("reason", "")))}


def _request_done(item: TimelineItem, _names: Names) -> str:
    outcome = str(item.data.get("outcome", ""))
    return _("Request: %(outcome)s") % {"outcome": _(OUTCOMES.get(outcome, outcome))}


def _request_reopened(item: TimelineItem, names: Names) -> str:
    return _("Request in work again: %(name)s") % {"name": _person(item, names, "employee_id")}


def _noted(_item: TimelineItem, _names: Names) -> str:
    return _("Note on the card")


def _field_set(item: TimelineItem, _names: Names) -> str:
    was, shown = item.data.get("was") or "—", item.data.get("shown") or "—"
    return f"{item.data.get('title')}: {was} → {shown}"


def _status_set(item: TimelineItem, _names: Names) -> str:
    told = _("Status: %(before)s → %(title)s") % {
        "before": item.data.get("before") or "—",
        "title": item.data.get("title") or "—",
    }
    return told if item.data.get("manual") else f"{told} ({_('by the conditions')})"


def _roles_set(item: TimelineItem, _names: Names) -> str:
    return _("Roles: %(roles)s") % {"roles": roles(item.data.get("roles") or []) or "—"}


Say = Callable[[TimelineItem, Names], str]
FACTS: dict[str, tuple[str, Say]] = {
    "ClientCreated": ("👤", _created),
    "ClientRenamed": ("✏️", _renamed),
    "ClientManagerSet": ("👤", _managed),
    "ContactAdded": ("📇", _contact_added),
    "ContactRemoved": ("📇", _contact_removed),
    **toldlinks.FACTS,
    "ClientsMerged": ("🔗", _merged),
    "ClientsUnmerged": ("🔗", _unmerged),
    "ClientClassified": ("🏷", _classified),
    "ClientDeclassified": ("🏷", _declassified),
    "PrimaryInterestSet": ("🎯", _interest),
    "ClientFieldSet": ("📋", _field_set),
    "ClientStatusSet": ("🏷", _status_set),
    "ClientRolesSet": ("🎭", _roles_set),
    "DialogOpened": ("📥", _opened),
    "DialogAccepted": ("💬", _accepted),
    "DialogTransferred": ("➡️", _transferred),
    "DialogReturned": ("↩️", _returned),
    "DialogClosed": ("✔️", _closed),
    "ReachChanged": ("⚠️", _reach),
    "RequestAccepted": ("📥", _request_accepted),
    "RequestHandedOver": ("➡️", _transferred),
    "RequestRejected": ("✖️", _request_rejected),
    "RequestDone": ("📥", _request_done),
    "RequestReopened": ("↩️", _request_reopened),
    "ClientNoted": ("🔒", _noted),
}
