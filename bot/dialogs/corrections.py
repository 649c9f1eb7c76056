"""Corrections of clients' words: made where the words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiogram.utils.formatting import Text

from bot import places
from bot.dialogs import words
from bot.dialogs.errand import Errand, MessageGone
from bot.dialogs.parts import Entry, Notice, deliver, parts
from bot.dialogs.wordposts import buttons, entries_of, shown_at, text_of
from bot.me import me
from bot.places import pair
from bot.screen import Screen
from channels.telegram import render
from channels.telegram.config import CAPABILITIES
from crm_core.dialogs.messages import Kind, OutFile
from crm_core.kernel import memory
from crm_core.kernel.text import utf16_len
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

# An edit of a caption only asks whether there is a file, not which one.
A_FILE = OutFile(kind=Kind.DOCUMENT, path="", name="", mime="", size=0)


async def send_correction(errand: Errand, row: OutRow) -> Sent:
    """Change the words where they stand; a long or lost notice is followed by a new one."""
    shown = await shown_at(errand, row)
    if shown is None:
        raise Skipped("Not shown yet: it will show the new words.")
    answer = await memory.get(places.ANSWER, pair(errand.chat, shown["id"]))
    ids = answer["messages"] if answer else [row.data["message"]]
    entries = await entries_of(ids)
    if shown["whole"] and entries and await _edited(errand, shown, entries):
        return Sent((str(shown["id"]),))
    changed = await entries_of([int(row.data["message"])])
    notice = Notice(entries=changed, text=text_of(errand, changed))
    return Sent(tuple(map(str, await deliver(errand, notice, key=row.id))))


async def _edited(errand: Errand, shown: dict[str, Any], entries: Sequence[Entry]) -> bool:
    first, view = entries[0]
    named = (first, view.client_name)
    text = (
        words.entry(*named, errand.actor.timezone, named=False)
        if shown["caption"]
        else text_of(errand, entries)
    )
    limit = CAPABILITIES.caption_limit if shown["caption"] else CAPABILITIES.text_limit
    if utf16_len(text.render()[0]) > limit:
        return False
    topical = (await me()).topics
    rows = () if topical or shown["caption"] else buttons(entries)
    part = parts(Notice(entries=entries, text=text), 0)[0]
    if shown["caption"]:
        part = replace(part, files=(A_FILE,))
    method = render.edit_method(pair(errand.chat, shown["id"]), part)
    keyboard = Screen(Text(), rows).keyboard()
    try:
        await errand.call(method.model_copy(update={"reply_markup": keyboard}))
    except MessageGone:
        return False
    return True
