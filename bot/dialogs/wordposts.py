"""Clients' words on their way to managers: merged notices, files and what can't be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from aiogram.utils.formatting import Text

from bot import places
from bot.dialogs import mails, topics, words
from bot.dialogs.errand import Errand, ThreadGone
from bot.dialogs.parts import Entry, Notice, deliver
from bot.dialogs.posts import QUIET_LANE, QUIET_PRIORITY, WORDS_PRIORITY
from bot.dialogs.presses import DialogPress
from bot.me import me
from bot.places import Spot, pair
from bot.screen import Rows, Screen, button
from crm_core.dialogs import queries
from crm_core.dialogs.messages import Kind, OutFile
from crm_core.dialogs.queries import DialogView, FileView, MessageView
from crm_core.files.store import store
from crm_core.kernel import clock, db, memory
from crm_core.kernel.i18n import gettext as _
from crm_core.outbox.rows import Post, put
from routing.contracts import Rejected, Sent
from routing.lanes import NotReady, OutRow, Skipped

# A file still with its provider holds up the chat for so long, then words go on without it.
PATIENCE = timedelta(seconds=3)
MOST_BUTTONS = 8


async def send_words(errand: Errand, rows: Sequence[OutRow]) -> Sent:
    """Texts as one notice; those already shown are left out."""
    fresh = await _unshown(errand, rows)
    entries = await entries_of(list(fresh))
    if not entries:
        raise Skipped("It is shown already.")
    topical = (await me()).topics
    groups = await _due(errand, rows, _groups(entries)) if topical else [entries]
    sent: list[int] = []
    for group in groups:
        silent = all(fresh[message.id].data.get("silent") for message, _view in group)
        notice = _notice(errand, group, silent=silent, topical=topical)
        sent += await deliver(errand, notice, key=rows[0].id)
    return Sent(tuple(map(str, sent)))


FOLLOWED = """
SELECT DISTINCT (data->>'dialog')::bigint AS dialog FROM outbox
WHERE lane = $1 AND chat = $2 AND state = 'queued' AND kind IN ('words', 'media')
"""


async def _due(
    errand: Errand, rows: Sequence[OutRow], groups: Sequence[list[Entry]]
) -> list[list[Entry]]:
    """Each dialog has its own topic, hence its own request: the first goes now, the others take
    their turn anew, dialog by dialog. One with later words already in the queue can't wait:
    they would overtake it."""
    followed = await db.fetch(FOLLOWED, rows[0].lane, str(errand.chat))
    hurried = {row["dialog"] for row in followed}
    first, *others = groups
    waiting = [group for group in others if group[0][1].id not in hurried]
    ids = {message.id for group in waiting for message, _view in group}
    await _put_off(errand, [row for row in rows if int(row.data["message"]) in ids])
    return [first, *(group for group in others if group not in waiting)]


async def _put_off(errand: Errand, rows: Sequence[OutRow]) -> None:
    """To the end of the queue, so that the words of each dialog still go together."""
    in_turn = sorted(rows, key=lambda row: (int(row.data["dialog"]), row.id))
    await put(
        *(
            Post(
                lane=row.lane,
                chat=str(errand.chat),
                kind=row.kind,
                data=row.data,
                priority=WORDS_PRIORITY,
                merge_key=f"d{row.data['dialog']}",
                slot=f"msg:{row.data['message']}",
            )
            for row in in_turn
        )
    )


def _groups(entries: Sequence[Entry]) -> list[list[Entry]]:
    """By dialog: each has its own topic."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry[1].id, []).append(entry)
    return list(found.values())


async def _unshown(errand: Errand, rows: Sequence[OutRow]) -> dict[int, OutRow]:
    """Rows by their message, without those that are on the screen already."""
    keys = {pair(row.data["message"], errand.chat): row for row in rows}
    shown = await memory.several(places.SHOWN, list(keys))
    return {int(row.data["message"]): row for key, row in keys.items() if key not in shown}


async def shown_at(errand: Errand, row: OutRow) -> dict[str, Any] | None:
    return await memory.get(places.SHOWN, pair(row.data["message"], errand.chat))


async def entries_of(message_ids: Sequence[int]) -> list[Entry]:
    """The messages with their dialogs, in this order; gone ones are left out."""
    messages = await queries.several(message_ids)
    views = await queries.views(sorted({one.dialog_id for one in messages.values()}))
    known = [messages[id_] for id_ in message_ids if id_ in messages]
    return [(one, views[one.dialog_id]) for one in known if one.dialog_id in views]


def _notice(errand: Errand, entries: Sequence[Entry], *, silent: bool, topical: bool) -> Notice:
    return Notice(
        entries=entries,
        text=text_of(errand, entries),
        rows=() if topical else buttons(entries),
        silent=silent,
    )


def text_of(errand: Errand, entries: Sequence[Entry]) -> Text:
    named = [(message, view.client_name) for message, view in entries]
    return words.notice(named, errand.actor.timezone)


def buttons(entries: Sequence[Entry]) -> Rows:
    """One client: what one does next. Several: to whom the next words go."""
    dialogs = {view.id: view for _, view in entries}
    if len(dialogs) == 1:
        (dialog_id,) = dialogs
        quick = button(f"⚡ {_('Quick reply')}", DialogPress(do="quick", id=dialog_id))
        card = button(f"💬 {_('Card')}", DialogPress(do="open", id=dialog_id))
        return [[quick, card]]
    names = [
        button(f"✍️ {view.client_name}", DialogPress(do="write", id=view.id))
        for view in list(dialogs.values())[:MOST_BUTTONS]
    ]
    return [names[at : at + 2] for at in range(0, len(names), 2)]


async def send_media(errand: Errand, row: OutRow) -> Sent:
    """A message with files, a place or a contact; of a growing album what is new."""
    entries = await entries_of([int(row.data["message"])])
    if not entries:
        raise Skipped("The message is gone.")
    message, view = entries[0]
    shown = await shown_at(errand, row) or {"files": []}
    files = [file for file in message.files if file.id not in shown["files"]]
    if shown.get("id") and not files:
        raise Skipped("It is shown already.")
    if any(file.state == "pending" for file in files):
        return await _without_files(errand, row, entries)
    notice = Notice(
        entries=entries,
        text=_media_text(errand, message, view),
        rows=mails.rows(message) if mails.facts(message) else (),
        files=tuple(_out(file) for file in files if file.state == "stored"),
        extra=message.extra,
        silent=bool(row.data.get("silent")),
    )
    try:
        sent = await deliver(errand, notice, key=row.id)
    except ThreadGone:
        raise
    except Rejected:
        # Telegram does not take the file: then the words come with its name.
        named = words.entry(message, view.client_name, errand.actor.timezone)
        sent = await deliver(errand, replace(notice, text=named, files=(), extra={}), key=row.id)
    return Sent(tuple(map(str, sent)))


def _media_text(errand: Errand, message: MessageView, view: DialogView) -> Text:
    show = mails.entry if mails.facts(message) else partial(words.entry, named=False)
    return show(message, view.client_name, errand.actor.timezone)


async def _without_files(errand: Errand, row: OutRow, entries: Sequence[Entry]) -> Sent:
    """Wait a little; then say what is coming, and let the files follow on the quiet lane."""
    if row.lane == QUIET_LANE or clock.now() - row.created_at < PATIENCE:
        raise NotReady("Its files are still on their way.")
    chat, slot = str(errand.chat), f"msg:{row.data['message']}"
    post = Post(lane=QUIET_LANE, chat=chat, kind="media", data=row.data, slot=slot)
    await put(replace(post, priority=QUIET_PRIORITY))
    message, view = entries[0]
    thread = await topics.thread_of(errand, view)
    text = words.entry(message, view.client_name, errand.actor.timezone)
    sent = await errand.post(Screen(text), thread, silent=bool(row.data.get("silent")))
    answer = {"dialog": view.id, "messages": []}
    await places.remember([Spot(places.ANSWER, pair(errand.chat, sent), answer)])
    return Sent((str(sent),))


def _out(file: FileView) -> OutFile:
    return OutFile(
        kind=Kind(file.kind),
        path=str(store().path(file.sha or "")),
        name=file.name,
        mime=file.mime,
        size=file.size or 0,
        duration=file.duration,
        width=file.width,
        height=file.height,
    )
