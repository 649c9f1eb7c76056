"""Forms of quick replies: title, text, files; albums arrive piece by piece."""

from __future__ import annotations

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram.utils.formatting import Bold, Text

from bot.clients.show import pressed_id, renew
from bot.desk import Desk
from bot.dialogs.content import extra_of, read
from bot.forms import cancel
from bot.places import pair
from bot.quick import views
from bot.quick.presses import AddPress, ReplyPress
from bot.screen import Screen, lines
from crm_core.dialogs import quick
from crm_core.dialogs.messages import InboundMessage
from crm_core.dialogs.quick import QuickReplyView
from crm_core.kernel import memory
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

TITLE, CONTENT, RETITLE, RETEXT, FILE = (
    "quick.title",
    "quick.content",
    "quick.retitle",
    "quick.retext",
    "quick.file",
)
ALBUM = "quick.album"
# quick.album  chat:album -> {reply, shown}   pieces of an album that came after the first
LONGEST_TITLE, MOST_FILES = 80, 10


async def visible(actor: Actor, reply_id: int) -> QuickReplyView:
    """One that this person may see: everybody's or their own; NotFound."""
    for one in await quick.quick_replies(actor.id):
        if one.id == reply_id:
            return one
    raise NotFound(N_("This quick reply is no longer there."))


def _title_of(message: Message) -> str:
    title = " ".join((message.text or "").split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise Invalid(N_("A title has from 1 to %(most)s characters."), most=LONGEST_TITLE)
    return title


async def add(_query: CallbackQuery, callback_data: AddPress, desk: Desk) -> None:
    """First the title."""
    desk.actor.require(Right.QUICK_REPLY_WRITE if callback_data.shared else Right.DIALOG_WORK)
    prompt = lines(
        Bold(f"➕ {_('New quick reply')}"),
        _("Write its title, as it shall stand on the button: Price list."),
    )
    await desk.ask(TITLE, Screen(prompt, [cancel()]), shared=callback_data.shared)


async def titled(message: Message, desk: Desk) -> None:
    """Then what it says. One form goes over into the other: a restart between them loses none."""
    title = _title_of(message)
    kept = await desk.state.get_data()
    prompt = lines(
        Bold(f"⚡ {title}"),
        _("Now send the answer itself: a text, a file with a caption, or several files at once."),
        "",
        views.explanation(desk.actor),
    )
    await desk.ask(CONTENT, Screen(prompt, [cancel()]), title=title, shared=kept["shared"])


async def filled(_message: Message, desk: Desk) -> None:
    """The answer has come: the reply is there."""
    text, files, album = await _content(desk)
    answers = await desk.answers()
    reply_id = await desk.run(
        "quick_reply.add",
        title=answers["title"],
        text=text,
        files=files,
        shared=answers["shared"],
    )
    one = await visible(desk.actor, reply_id)
    sent = await desk.send(views.reply(one, desk.actor))
    await _expect(desk, album, {"reply": reply_id, "shown": sent.message_id})


async def ask(_query: CallbackQuery, callback_data: ReplyPress, desk: Desk) -> None:
    """Another title, another text, one more file."""
    one = await visible(desk.actor, callback_data.id)
    if not views.may_change(one, desk.actor):
        desk.actor.require(Right.QUICK_REPLY_WRITE)
    forms: dict[str, tuple[str, list[Text | str]]] = {
        "title": (RETITLE, [_("Write the new title.")]),
        "text": (RETEXT, [_("Send the new text."), views.explanation(desk.actor)]),
        "file": (FILE, [_("Send the file, or several at once.")]),
    }
    form, questions = forms[callback_data.do]
    prompt = Screen(lines(Bold(f"⚡ {one.title}"), *questions), [cancel()])
    await desk.ask(form, prompt, reply=one.id, shown=pressed_id(desk))


async def retitled(message: Message, desk: Desk) -> None:
    await _finish(desk, {"title": _title_of(message)})


async def retexted(message: Message, desk: Desk) -> None:
    if not (message.text or "").strip():
        raise Invalid(N_("Send a text. Files are added by a button of their own."))
    await _finish(desk, {"text": message.text})


async def filed(_message: Message, desk: Desk) -> None:
    text, files, album = await _content(desk)
    if not files:
        raise Invalid(N_("Send a file, a photo or a recording, or press Cancel."))
    answers = await desk.answers()
    await _append(desk, answers["reply"], files, caption=text)
    await _expect(desk, album, answers)
    await _renew(desk, answers)


async def more(_message: Message, desk: Desk) -> None:
    """Another piece of an album whose first one has been taken."""
    _text, files, album = await _content(desk)
    kept = await memory.get(ALBUM, pair(desk.chat_id, album))
    if kept is not None and files:
        await _append(desk, kept["reply"], files)
        one = await visible(desk.actor, kept["reply"])
        await renew(desk, kept["shown"], views.reply(one, desk.actor))


async def of_album(message: Message, desk: Desk) -> bool:
    """Whether a message belongs to an album that a quick reply has begun to take."""
    if message.media_group_id is None:
        return False
    return await memory.get(ALBUM, pair(desk.chat_id, message.media_group_id)) is not None


async def _content(desk: Desk) -> tuple[str, list[dict[str, Any]], str | None]:
    """Text, files in the store, and the album they belong to."""
    said = read(desk.raw)
    if not isinstance(said, InboundMessage) or said.contact or said.location:
        raise Invalid(N_("A quick reply is a text, files, or both."))
    extra = await extra_of(desk.api, said)
    if not said.text.strip() and not extra["files"]:
        raise Invalid(N_("A quick reply is a text, files, or both."))
    return said.text, extra["files"], said.album


async def _expect(desk: Desk, album: str | None, answers: dict[str, Any]) -> None:
    """Other pieces of the album belong to the same reply, shown in the same message."""
    if album:
        kept = {"reply": answers["reply"], "shown": answers["shown"]}
        await memory.put(ALBUM, pair(desk.chat_id, album), kept)


async def _append(
    desk: Desk, reply_id: int, files: list[dict[str, Any]], caption: str = ""
) -> None:
    one = await visible(desk.actor, reply_id)
    kept = [file.model_dump(mode="json") for file in one.files]
    if len(kept) + len(files) > MOST_FILES:
        raise Invalid(N_("A quick reply has at most %(most)s files."), most=MOST_FILES)
    await _change(desk, one, {"files": kept + files, "text": one.text or caption})


async def _change(desk: Desk, one: QuickReplyView, changes: dict[str, Any]) -> None:
    """The command takes a reply whole: what does not change stays as it is."""
    whole = {
        "title": one.title,
        "text": one.text,
        "files": [file.model_dump(mode="json") for file in one.files],
    }
    await desk.run("quick_reply.change", quick_reply_id=one.id, **(whole | changes))


async def _finish(desk: Desk, changes: dict[str, Any]) -> None:
    answers = await desk.answers()
    await _change(desk, await visible(desk.actor, answers["reply"]), changes)
    await _renew(desk, answers)


async def bare(desk: Desk, reply_id: int) -> None:
    """Take the files off."""
    await _change(desk, await visible(desk.actor, reply_id), {"files": []})


async def _renew(desk: Desk, answers: dict[str, Any]) -> None:
    one = await visible(desk.actor, answers["reply"])
    await renew(desk, answers["shown"], views.reply(one, desk.actor))
    await desk.say(_("✓ Changed: %(title)s") % {"title": one.title})
