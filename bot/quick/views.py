"""What the care of quick replies shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiogram.utils.formatting import Bold, Code, ExpandableBlockQuote, Text

from bot.home.presses import HomePress
from bot.quick.presses import AddPress, RepliesPress, ReplyPress
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.dialogs.quick import PLACEHOLDERS, QuickReplyView, fill
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

PAGE = 7
SHOWN = 1200
_FIELD = re.compile(r"\{(\w+)\}")
MEANINGS = {
    "client": N_("the client's name"),
    "client_first": N_("the first word of it"),
    "manager": N_("your name"),
    "manager_first": N_("your first name"),
    "channel": N_("the channel"),
}


def replies(found: Sequence[QuickReplyView], page: int, viewer: Actor) -> Screen:
    """The company's and one's own."""
    rows = [
        [button(_label(page * PAGE + n, one), ReplyPress(do="show", id=one.id))]
        for n, one in enumerate(found[page * PAGE : (page + 1) * PAGE], 1)
    ]
    turns = [
        button(label, RepliesPress(page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(found)
    ]
    add = [button(f"➕ {_('My own')}", AddPress(shared=False))]
    if viewer.may(Right.QUICK_REPLY_WRITE):
        add.append(button(f"➕ {_('For everybody')}", AddPress(shared=True)))
    hint = _("In a dialog each takes two presses: ⚡ and its title. 👥 are everybody's.")
    empty = _("No quick replies yet: add what you write every day, with a price list if you like.")
    settings = button(f"← {_('Back')}", HomePress(to="settings"))
    body = lines(Bold(f"⚡ {_('Quick replies')}"), hint if found else empty)
    return Screen(body, [*rows, turns, add, [settings]])


def _label(number: int, one: QuickReplyView) -> str:
    return f"{number}. {'' if one.own else '👥 '}{'📎 ' if one.files else ''}{one.title}"


def may_change(one: QuickReplyView, viewer: Actor) -> bool:
    """Own ones always, everybody's by right."""
    return one.own or viewer.may(Right.QUICK_REPLY_WRITE)


def reply(one: QuickReplyView, viewer: Actor) -> Screen:
    """One of them, and how a client would see it."""
    whose = _("Yours: only you see it") if one.own else _("👥 Everybody's")
    strange = unknown(one.text)
    warning = _("⚠️ I don't know %(fields)s: it stays as it is written.")
    body = lines(
        Bold(f"⚡ {one.title}"),
        whose,
        ExpandableBlockQuote(shorten_text(one.text)) if one.text else None,
        _example(one.text, viewer) if _FIELD.search(one.text) else None,
        warning % {"fields": ", ".join(strange)} if strange else None,
        *(f"📎 {shorten(file.name, 60)}" for file in one.files),
        None if may_change(one, viewer) else _("Managers and heads change what is everybody's."),
    )
    return Screen(body, _rows(one, viewer))


def _rows(one: QuickReplyView, viewer: Actor) -> list[list[Button]]:
    back = [button(f"← {_('Back')}", RepliesPress())]
    if not may_change(one, viewer):
        return [back]
    files = [button(f"📎 {_('Add a file')}", ReplyPress(do="file", id=one.id))]
    if one.files and one.text:
        files.append(button(f"✖️ {_('Without files')}", ReplyPress(do="bare", id=one.id)))
    return [
        [
            button(f"✏️ {_('Title')}", ReplyPress(do="title", id=one.id)),
            button(f"✏️ {_('Text')}", ReplyPress(do="text", id=one.id)),
        ],
        files,
        [button(f"🗑 {_('Remove')}", ReplyPress(do="remove", id=one.id)), *back],
    ]


def removal(one: QuickReplyView) -> Screen:
    """It can't be undone, so it is asked once."""
    all_lose = _("Nobody will have it any more. This can't be undone.")
    own = _("This can't be undone.")
    yes = button(f"🗑 {_('Remove')}", ReplyPress(do="gone", id=one.id))
    back = button(f"← {_('Back')}", ReplyPress(do="show", id=one.id))
    title = Bold(f"🗑 {_('Remove “%(title)s”?') % {'title': one.title}}")
    return Screen(lines(title, own if one.own else all_lose), [[yes], [back]])


def explanation(viewer: Actor) -> Text:
    """The placeholders, each with what it stands for, and an example."""
    fields = [Text("• ", Code(f"{{{name}}}"), f" — {_(MEANINGS[name])}") for name in PLACEHOLDERS]
    sample = _("Hello, {client_first}! This is {manager_first}. Here is our price list.")
    return lines(
        _("These words are filled in by themselves:"),
        *fields,
        Text(_("For example:"), "\n", Code(sample)),
        _example(sample, viewer),
    )


def _example(text: str, viewer: Actor) -> Text:
    client = _("Anna Petrova")
    values = {
        "client": client,
        "client_first": client.split()[0],
        "manager": viewer.name,
        "manager_first": viewer.name.split()[0] if viewer.name.split() else viewer.name,
        "channel": "Telegram",
    }
    seen = _("%(name)s will see:") % {"name": client}
    return lines(seen, ExpandableBlockQuote(shorten_text(fill(text, values))))


def unknown(text: str) -> list[str]:
    """Placeholders that nobody fills, as written."""
    names = dict.fromkeys(_FIELD.findall(text))
    return [f"{{{name}}}" for name in names if name not in PLACEHOLDERS]


def shorten_text(text: str) -> str:
    """With its line breaks, within what a message takes."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"
