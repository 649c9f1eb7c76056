"""A request's card: what, who, what decides, what was said; and the buttons that do it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text, TextLink

from bot import trail
from bot.calls.numbers import asker_buttons
from bot.clients.presses import ClientPress
from bot.clients.told import OUTCOMES
from bot.dialogs.presses import DialogPress
from bot.requests import deadlines
from bot.requests.presses import Do, RequestPress
from bot.screen import Button, Rows, Screen, button, lines, shorten
from bot.times import moment, waiting
from bot.undo.presses import entry as undo_entry
from crm_core.clients.rules import display_phone
from crm_core.dialogs import capabilities
from crm_core.kernel import clock
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView

VIEW = "request"
# request  request:chat -> {id, digest}   where the request's card stands, in view memory
TEXT_LIMIT, LINE, MOST_DETAILS = 900, 110, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a card needs. `back`: the trail it was opened by; `undo`: can be taken back."""

    view: RequestView
    viewer: Actor
    back: str = ""
    undo: bool = False

    @property
    def mine(self) -> bool:
        return self.view.state == "accepted" and self.view.responsible_id == self.viewer.id

    @property
    def statuses(self) -> tuple[tuple[str, str], ...]:
        """What the order's shop lets it be set to: (name, title)."""
        view = self.view
        if view.kind != "order" or view.channel_kind in {None, "removed"} or not view.key:
            return ()
        return capabilities.of(str(view.channel_kind)).order_statuses

    @property
    def offered(self) -> bool:
        return self.view.state == "new" and self.view.offered_to_id in {None, self.viewer.id}


def dot(view: RequestView) -> str:
    """🟢 on time, 🟠 wants attention, 🔴 late, ⚪ dealt with."""
    if view.state in {"rejected", "done"}:
        return "⚪"
    if found := deadlines.sign(view):
        return found
    if view.answered_at is not None:
        return "🟢"
    minutes = (clock.now() - view.registered_at).total_seconds() / 60
    return "🟢" if minutes < 5 else "🟠" if minutes < 15 else "🔴"


def who(view: RequestView) -> str:
    """The person, as far as anybody knows."""
    return display_phone(view.title) or _("Unknown person")


def said(text: str) -> str:
    """Subjects and labels of ours are kept in English; those of others are as they are."""
    return _(text) if text else ""


def card(facts: Facts) -> Screen:
    """At most twelve lines, at most eight buttons."""
    view = facts.view
    body = lines(
        Bold(f"📥 {dot(view)} {shorten(who(view), 60)}"),
        shorten(" · ".join(filter(None, (said(view.source), said(view.subject)))), LINE),
        _state(facts),
        *_contacts(view),
        _order(view),
        _track(view),
        _recording(view),
        *_details(view),
        f"🔒 {shorten(view.comment, LINE)}" if view.comment else None,
        ExpandableBlockQuote(_cut(view.text)) if view.text else None,
    )
    return Screen(body, _rows(facts))


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1].rstrip() + "…"


def _state(facts: Facts) -> str:
    view = facts.view
    if view.state == "new":
        asked = view.offered_to_id not in {None, facts.viewer.id}
        parts = [
            _("Waiting %(time)s") % {"time": waiting(view.registered_at)},
            view.queue_name,
            _("offered to %(name)s") % {"name": view.offered_to_name or "—"} if asked else None,
            deadlines.words(view, facts.viewer.timezone),
        ]
        return " · ".join(filter(None, parts))
    if view.state == "accepted":
        if facts.mine:
            said = _("In work with you since %(time)s") % {"time": _since(facts)}
        else:
            said = _("In work with %(name)s") % {"name": view.responsible_name or "—"}
        due = deadlines.words(view, facts.viewer.timezone)
        return " · ".join(filter(None, (f"✓ {said}", due)))
    name = view.responsible_name or "—"
    if view.state == "rejected":
        return _("Rejected: %(reason)s") % {"reason": _(view.rejected_for or "—")} + f" · {name}"
    return _("Done: %(outcome)s") % {"outcome": _(OUTCOMES.get(view.outcome or "", "—"))} + (
        f" · {name}"
    )


def _since(facts: Facts) -> str:
    at = facts.view.accepted_at or facts.view.registered_at
    return moment(at, facts.viewer.timezone)


def _contacts(view: RequestView) -> Iterator[str]:
    """Ways to reach the person; the phone stands so that a press on it calls."""
    known, title = view.person, view.title
    if known.get("phone") and known["phone"] != title:
        yield f"📞 {display_phone(known['phone'])}"
    address = known.get("email")
    if address and address != title:
        yield f"✉️ {address}"
    others = [f"@{known['username'].lstrip('@')}"] if known.get("username") else []
    company = view.company or known.get("company", title)
    others += [f"🏢 {company}"] if company != title else []
    if view.client_name and known.get("name", title) != title:
        others.append(known["name"])
    if others:
        yield shorten("👤 " + " · ".join(others), LINE)


def _order(view: RequestView) -> str | None:
    """`🛒 Roses × 3, Vase · 451.50 RUB`."""
    if not view.items and view.amount is None:
        return None
    items = ", ".join(
        one["title"] + (f" × {one['quantity']}" if str(one.get("quantity", 1)) != "1" else "")
        for one in view.items
    )
    total = money(view.amount, view.currency) if view.amount is not None else ""
    return "🛒 " + " · ".join(filter(None, (shorten(items, LINE), total)))


def money(amount: Decimal, currency: str | None) -> str:
    """`1 250 000 ₽`; kopecks only when there are some."""
    whole = f"{amount:,.2f}".replace(",", " ").removesuffix(".00")
    return f"{whole} {'₽' if currency in {None, 'RUB', 'RUR'} else currency}"


def _track(view: RequestView) -> str | None:
    """Where the person comes from: campaign, page, visit."""
    known = view.campaign
    first = known.get("utm_source") or known.get("name")
    campaign = " / ".join(filter(None, (first, known.get("utm_campaign"), known.get("utm_term"))))
    visit = _("visit %(number)s") % {"number": view.visit} if view.visit else None
    parts = list(filter(None, (campaign, view.page, visit)))
    return shorten("🔗 " + " · ".join(parts), LINE) if parts else None


def _recording(view: RequestView) -> Text | None:
    url = view.recording or ""
    if not url.startswith(("http://", "https://")):
        return None
    return Text("🎧 ", TextLink(_("Call recording"), url=url))


def _details(view: RequestView) -> list[str]:
    details = [f"{said(label)}: {said(value)}" for label, value in view.details.items()]
    return [shorten(one, LINE) for one in details[:MOST_DETAILS]]


def _rows(facts: Facts) -> Rows:
    view = facts.view
    give = do(facts, "give", f"➡️ {_('Hand over')}")
    reject = do(facts, "reject", f"✖️ {_('Reject')}")
    call = asker_buttons(view, facts.viewer)
    if facts.offered:
        accept = do(facts, "accept", f"✅ {_('Accept')}")
        why = do(facts, "why", f"❔ {_('Why me?')}")
        return [[accept, *call, why], [give, reject], _back(facts)]
    if facts.mine or (view.state == "accepted" and facts.viewer.may(Right.DIALOG_ALL)):
        return [
            [_client(facts), do(facts, "dialog", f"💬 {_('Write to them')}"), *call],
            [give, reject, do(facts, "close", f"✔️ {_('Done')}")],
            [do(facts, "order", f"🛒 {_('Status of the order')}")] if facts.statuses else [],
            _back(facts),
        ]
    return [_links(facts), _back(facts)]


def _client(facts: Facts) -> Button:
    label = _("Take as client") if facts.view.client_id is None else _("To the client")
    return do(facts, "client", f"👤 {label}")


def _links(facts: Facts) -> list[Button]:
    """What it has become."""
    view, back = facts.view, trail.request(facts.view.id, facts.back)
    found = []
    if view.client_id is not None:
        opens = ClientPress(do="card", id=view.client_id, back=back)
        found.append(button(f"👤 {_('Client')}", opens))
    if view.dialog_id is not None and view.state == "done":
        found.append(
            button(f"💬 {_('Dialog')}", DialogPress(do="card", id=view.dialog_id, back=back))
        )
    return found


def do(facts: Facts, what: Do, label: str) -> Button:
    seen = facts.view.version if what in {"give", "reject", "close"} else 0
    press = RequestPress(do=what, id=facts.view.id, seen=seen, back=facts.back)
    return button(label, press)


def _back(facts: Facts) -> list[Button]:
    """To where it was opened from; a card that stands for itself has nowhere to go."""
    undo = [undo_entry("r", facts.view.id, facts.back)] if facts.undo else []
    return [*undo, *([trail.back(facts.back)] if facts.back else [])]


def back_to_card(request_id: int, back: str) -> list[Button]:
    """The last row of every screen under a card."""
    return [button(f"← {_('Back')}", RequestPress(do="card", id=request_id, back=back))]
