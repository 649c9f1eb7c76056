"""A dialog's card: what, who, what decides, last words; and the buttons that do it."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot import trail
from bot.clients import likely
from bot.dialogs.audience import CARD_LIMIT
from bot.dialogs.mails import FORGED
from bot.dialogs.presses import DialogPress, Do
from bot.dialogs.words import SIGNS, summary
from bot.me import me
from bot.screen import Button, Rows, Screen, button, lines, shorten
from bot.times import moment, waiting
from crm_core.clients.rules import display_phone
from crm_core.dialogs import queries
from crm_core.dialogs.queries import DialogView, MessageView
from crm_core.duplicates import queries as duplicates
from crm_core.duplicates.queries import Proposal
from crm_core.kernel import clock
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a card needs. `back`: the list it was opened from; `topics`: this bot has them;
    `apart`: it stands in the main chat although the dialog has a topic; `twins`: cards that may be
    the same client."""

    view: DialogView
    last: MessageView | None
    viewer: Actor
    back: str = ""
    topics: bool = False
    apart: bool = False
    twins: tuple[Proposal, ...] = ()

    @property
    def mine(self) -> bool:
        return self.view.assignee_id == self.viewer.id

    @property
    def offered(self) -> bool:
        return self.view.state == "waiting" and self.view.offered_to_id in {None, self.viewer.id}


async def facts_of(viewer: Actor, dialog_id: int, *, back: str = "", apart: bool = False) -> Facts:
    """Load a card's facts (for screens already entitled)."""
    view = await queries.view(dialog_id)
    last = await queries.messages(dialog_id, limit=1)
    return Facts(
        view=view,
        last=last[0] if last else None,
        viewer=viewer,
        back=back,
        topics=(await me()).topics,
        apart=apart,
        twins=tuple(await duplicates.of_client(viewer, view.client_id)),
    )


async def screen_for(viewer: Actor, dialog_id: int, back: str = "") -> Screen:
    """The card as this person may see it now; NotFound, Forbidden."""
    await queries.dialog(viewer, dialog_id)
    return card(await facts_of(viewer, dialog_id, back=back))


def dot(view: DialogView) -> str:
    """🟢 on time, 🟠 wants attention, 🔴 late, ⚪ closed."""
    if view.state == "closed":
        return "⚪"
    if view.unanswered_since is None:
        return "🟢"
    minutes = (clock.now() - view.unanswered_since).total_seconds() / 60
    return "🟢" if minutes < 5 else "🟠" if minutes < 15 else "🔴"


def title(view: DialogView) -> str:
    """A topic's name: the client and the channel; closed and put off ones say so."""
    sign = {"closed": "✔️ ", "snoozed": "💤 "}.get(view.state, "")
    return shorten(f"{sign}{view.client_name} · {view.channel_name}", 120)


def card(facts: Facts) -> Screen:
    """At most twelve lines, at most eight buttons."""
    view = facts.view
    sign = "📥" if view.state == "waiting" else "💬"
    unreachable = None if view.reachable else _("⚠️ The client can't be written to here now.")
    body = lines(
        Bold(f"{sign} {dot(view)} {view.client_name}{_company(view)}"),
        _who(view),
        _state(facts),
        _context(view),
        f"⚠️ {_(FORGED) % {'address': forged}}" if (forged := view.context.get("forged")) else None,
        unreachable,
        likely.line(facts.twins),
        _last(facts),
    )
    return Screen(body, [] if facts.apart else _rows(facts))


def _company(view: DialogView) -> str:
    """Whose contact person it is."""
    return f" · 🏢 {shorten(view.company, 60)}" if view.company else ""


def _who(view: DialogView) -> str:
    name = f"@{view.username}" if view.username else view.identity_name
    parts = [view.channel_name, "" if name == view.client_name else name]
    return " · ".join(filter(None, parts))


def _state(facts: Facts) -> str:
    view = facts.view
    if view.state == "waiting":
        queue = f" · {view.queue_name}" if view.queue_name else ""
        return _("Waiting %(time)s") % {"time": waiting(view.opened_at)} + queue + _asked(facts)
    if view.state == "snoozed":
        return f"💤 {_aside(facts)}"
    if view.state == "closed":
        at = moment(view.closed_at or view.last_at, facts.viewer.timezone)
        ended = _("Closed %(time)s") % {"time": at}
        return f"{ended}: {view.summary}" if view.summary else ended
    return _in_work(facts)


def _aside(facts: Facts) -> str:
    until = facts.view.snooze_until
    if until is None:
        return _("Put off until the client writes")
    return _("Put off until %(time)s") % {"time": moment(until, facts.viewer.timezone)}


def _in_work(facts: Facts) -> str:
    view = facts.view
    if facts.apart:
        return "✓ " + _("You have it: the dialog is in its topic")
    if not facts.mine:
        return "✓ " + _("%(name)s has accepted it") % {"name": view.assignee_name or "—"}
    if view.unanswered_since:
        return _("Waiting for your answer: %(time)s") % {"time": waiting(view.unanswered_since)}
    return "✓ " + _("In work with you, answered")


def _asked(facts: Facts) -> str:
    view = facts.view
    if view.offered_to_id is None or view.offered_to_id == facts.viewer.id:
        return ""
    return " · " + _("offered to %(name)s") % {"name": view.offered_to_name or "—"}


def _context(view: DialogView) -> str | None:
    """Where the client comes from: page, advertising source, start link."""
    known = view.context
    parts = [known.get("page"), known.get("utm_source") or known.get("start")]
    phone = known.get("phone")
    found = [str(part) for part in parts if part]
    if phone:
        found.append(display_phone(str(phone)))
    return shorten("🔗 " + " · ".join(found), 120) if found else None


def _last(facts: Facts) -> Text | None:
    last = facts.last
    if last is None:
        return None
    words = summary(last, CARD_LIMIT)
    when = f"{SIGNS[last.direction]} {moment(last.at, facts.viewer.timezone)}"
    return lines(when, ExpandableBlockQuote(words) if words else None)


def _rows(facts: Facts) -> Rows:
    view = facts.view
    if facts.offered:
        decline = view.offered_to_id == facts.viewer.id
        first = [_do(facts, "accept", f"✅ {_('Accept')}")]
        if decline:
            first.append(_do(facts, "decline", f"✖️ {_('Decline')}"))
        why = _do(facts, "why", f"❔ {_('Why me?')}")
        history = _do(facts, "history", f"📜 {_('History')}")
        return [first, [why, history], _compare(facts), _back(facts)]
    working = view.state in {"open", "snoozed"}
    if working and (facts.mine or facts.viewer.may(Right.DIALOG_ALL)):
        return _work_rows(facts)
    about = [
        _do(facts, "history", f"📜 {_('History')}"),
        _do(facts, "client", f"👤 {_('Client')}"),
    ]
    return [about, _back(facts)]


def _work_rows(facts: Facts) -> Rows:
    """The most likely first; a note has its button where there is room beside *back*."""
    note = _do(facts, "note", f"🔒 {_('Note')}")
    write = _do(facts, "write", f"✍️ {_('Write')}")
    extra = [note] if facts.topics else [write] if facts.back else [write, note]
    return [
        [
            _do(facts, "quick", f"⚡ {_('Quick reply')}"),
            _do(facts, "history", f"📜 {_('History')}"),
            _do(facts, "client", f"👤 {_('Client')}"),
        ],
        [
            _do(facts, "give", f"➡️ {_('Hand over')}"),
            _do(facts, "snooze", f"💤 {_('Put off')}"),
            _do(facts, "close", f"✔️ {_('Close')}"),
        ],
        _compare(facts),
        # A note is one press further on then: on the client's card.
        [*(extra[:-1] if facts.twins and len(extra) > 1 else extra), *_back(facts)],
    ]


def _compare(facts: Facts) -> list[Button]:
    """Both cards side by side, and back to this one."""
    return likely.compare_button(facts.twins, trail.dialog(facts.view.id, facts.back))


def _do(facts: Facts, do: Do, label: str) -> Button:
    seen = facts.view.version if do in {"give", "snooze", "close"} else 0
    return button(label, DialogPress(do=do, id=facts.view.id, seen=seen, back=facts.back))


def _back(facts: Facts) -> list[Button]:
    """To where it was opened from; a card that stands for itself has nowhere to go."""
    return [trail.back(facts.back)] if facts.back else []


def back_to_card(dialog_id: int, back: str) -> list[Button]:
    """The last row of every screen under a card."""
    return [button(f"← {_('Back')}", DialogPress(do="card", id=dialog_id, back=back))]
