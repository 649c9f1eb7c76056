"""What people see of their mailboxes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from aiogram.utils.formatting import Bold, Code, Text

from bot.channels.views import SIGNS, STATES
from bot.forms import cancel
from bot.home.presses import HomePress
from bot.mailboxes.presses import (
    ConnectPress,
    Field,
    FieldPress,
    MailboxesPress,
    MailboxPress,
    ServicePress,
)
from bot.mailboxes.servers import SERVICES, as_lines
from bot.screen import Button, Rows, Screen, button, lines, shorten
from bot.times import moment
from crm_core.accounts.mailboxes import Mailbox
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import Colleague

LINE = 80
MOST_COLLEAGUES = 20
FIELDS: dict[Field, tuple[str, str]] = {
    "signature": ("📝", N_("Signature")),
    "sender_name": ("👤", N_("Sender's name")),
    "folders": ("📁", N_("Folders")),
    "since": ("📅", N_("From which day")),
    "password": ("🔑", N_("Password")),
    "servers": ("🖧", N_("Servers")),
}
QUESTIONS: dict[Field, str] = {
    "signature": N_("Write the signature that will stand under every mail; a dash takes it away."),
    "sender_name": N_("Write the name clients will see as the sender."),
    "folders": N_("Write the folders to read, with commas: INBOX, Orders."),
    "since": N_("From which day shall mail be collected? Write it like 01.11.2026."),
    "password": N_(
        "Write the password for mail programs. Your message will be deleted from the chat at once."
    ),
    "servers": N_(
        "Write the servers, a line each: incoming mail, then outgoing mail. Port and encryption"
        " (tls, starttls, none) only when they are unusual; POP3 begins with pop3."
    ),
}


def mailboxes(found: Sequence[Mailbox], viewer: Actor) -> Screen:
    """One's own, or all of them for administrators; a button each."""
    rows: list[list[Button]] = [[_row(one, viewer)] for one in found]
    every = viewer.may(Right.CHANNEL_WRITE)
    add = MailboxesPress(do="whose") if every else ConnectPress(owner=viewer.id)
    line = _("Mail to it becomes dialogs, answers leave by your own server.")
    if not found:
        line = _("No mailbox is connected yet. Its mail will become dialogs here.")
    back = button(f"← {_('Back')}", HomePress(to="settings"))
    connect = button(f"➕ {_('Connect a mailbox')}", add)
    return Screen(lines(Bold(f"✉️ {_('Mailboxes')}"), line), [*rows, [connect], [back]])


def _row(one: Mailbox, viewer: Actor) -> Button:
    mine = one.owner_id == viewer.id
    owner = "" if mine else f" · {one.owner_name or _('everybody’s')}"
    label = f"{SIGNS[one.health.state]} {one.config.get('address')}{owner}"
    return button(label, MailboxPress(do="show", id=one.health.id))


def whose(viewer: Actor, colleagues: Sequence[Colleague]) -> Screen:
    """For whom an administrator connects a mailbox."""
    mine = [button(f"👤 {_('Mine')}", ConnectPress(owner=viewer.id))]
    common = [button(f"🏢 {_('Everybody’s')}", ConnectPress(owner=0))]
    others = [
        [button(f"👤 {one.name}", ConnectPress(owner=one.id))]
        for one in colleagues[:MOST_COLLEAGUES]
        if one.id != viewer.id
    ]
    back = [button(f"← {_('Back')}", MailboxesPress())]
    return Screen(Text(_("Whose mailbox is it?")), [[*mine, *common], *others, back])


def mailbox(one: Mailbox, viewer: Actor) -> Screen:
    """One mailbox: state, what to do, settings."""
    state, config = one.health, one.config
    body = lines(
        Bold(f"✉️ {config.get('address')}"),
        f"{SIGNS[state.state]} {_(STATES[state.state])} · {one.owner_name or _('everybody’s')}",
        _("Last in: %(when)s") % {"when": _when(state.last_in_at, viewer)},
        _("Last out: %(when)s") % {"when": _when(state.last_out_at, viewer)},
        _told("sender_name", config.get("sender_name") or "—"),
        _told("signature", config.get("signature") or "—"),
        _told("folders", ", ".join(config.get("folders") or ["INBOX"])),
        _told("since", _day(config.get("since"))),
        Code(as_lines(dict(config))),
        "" if state.state == "on" else state.advice(),
    )
    return Screen(body, _rows(one))


def _when(at: Any, viewer: Actor) -> str:
    return moment(at, viewer.timezone) if at else _("never")


def _told(field: Field, value: str) -> str:
    return shorten(f"{_(FIELDS[field][1])}: {value}", LINE)


def _day(text: str | None) -> str:
    return date.fromisoformat(text).strftime("%d.%m.%Y") if text else _("the day of connecting")


def _rows(one: Mailbox) -> Rows:
    """Off, it can be disconnected; at most eight buttons either way."""
    number, active = one.health.id, one.health.active
    asks = [_ask(name, number) for name in FIELDS if active or name != "since"]
    switch = button(f"🟢 {_('Switch on')}", MailboxPress(do="on", id=number))
    rest = [button(f"✖️ {_('Disconnect')}", MailboxPress(do="remove", id=number))]
    if active:
        switch, rest = button(f"⚪ {_('Switch off')}", MailboxPress(do="off", id=number)), []
    buttons = [*asks, switch]
    back = button(f"← {_('Back')}", MailboxesPress())
    return [buttons[:3], buttons[3:6], [*buttons[6:], *rest, back]]


def _ask(name: Field, number: int) -> Button:
    sign, title = FIELDS[name]
    return button(f"{sign} {_(title)}", FieldPress(field=name, id=number))


def removal(one: Mailbox) -> Screen:
    """Asked once: the password is gone afterwards."""
    number = one.health.id
    text = _("Disconnect %(address)s? Its password is wiped; correspondence stays readable.")
    yes = button(f"✖️ {_('Disconnect')}", MailboxPress(do="gone", id=number))
    back = button(f"← {_('Back')}", MailboxPress(do="show", id=number))
    return Screen(Text(text % {"address": one.config.get("address")}), [[yes], [back]])


def address() -> Screen:
    prompt = _("Write the address of the mailbox: anna@shop.ru")
    return Screen(lines(Bold(f"➕ {_('Connect a mailbox')}"), prompt), [cancel()])


def places(title: str) -> Screen:
    """Where the mail of the address lives: a service, or servers of one's own."""
    rows = [button(_(name), ServicePress(at=one)) for one, (name, _provider) in SERVICES.items()]
    choose = _("Where does this mail live? Choose a service, or write your own servers:")
    example = Code("imap.shop.ru\nsmtp.shop.ru")
    rest = _("A port and starttls go after the name: imap.shop.ru:143 starttls")
    return Screen(lines(Bold(f"✉️ {title}"), choose, example, rest), [rows, cancel()])


def password(title: str, hint: str, trouble: str = "") -> Screen:
    """Asks for the password; after a vain try with its cause, and the way to other servers."""
    body = lines(
        Bold(f"✉️ {title}"),
        f"⚠️ {trouble}" if trouble else None,
        _(QUESTIONS["password"]),
        f"💡 {hint}" if hint and not trouble else None,
    )
    other = [button(f"🖧 {_('Other servers')}", ServicePress(at="servers"))]
    return Screen(body, [other if trouble else [], cancel()])


def question(title: str, field: Field, trouble: str = "") -> Screen:
    """Asks for another value of a setting."""
    cause = f"⚠️ {trouble}" if trouble else None
    return Screen(lines(Bold(f"✉️ {title}"), cause, _(QUESTIONS[field])), [cancel()])
