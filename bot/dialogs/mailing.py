"""What one does with a mail: read it whole, answer everybody, pass it on."""

from __future__ import annotations

from typing import Any

from aiogram.types import BufferedInputFile, CallbackQuery, Message
from aiogram.utils.formatting import Bold, ExpandableBlockQuote

from bot.desk import Desk
from bot.dialogs import addressing, mails
from bot.dialogs.content import extra_of, read
from bot.dialogs.presses import MailPress
from bot.dialogs.writing import remember_written
from bot.forms import cancel
from bot.screen import Screen, lines
from bot.times import moment
from crm_core.dialogs import queries
from crm_core.dialogs.messages import InboundMessage
from crm_core.dialogs.queries import FileView, MessageView
from crm_core.kernel import db
from crm_core.kernel.errors import Invalid, NotFound
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

ANSWER, FORWARD = "mail.answer", "mail.forward"
LONGEST_MESSAGE = 3800


async def _mail(desk: Desk, message_id: int) -> MessageView:
    """The mail, with rights; NotFound, Forbidden."""
    message = await queries.message(message_id)
    if message is None:
        raise NotFound("There is no such message.")
    await queries.dialog(desk.actor, message.dialog_id)
    return message


async def whole(_query: CallbackQuery, callback_data: MailPress, desk: Desk) -> None:
    """With signature and quotes; a long one as a file."""
    message = await _mail(desk, callback_data.id)
    text = mails.whole(message)
    if len(text) <= LONGEST_MESSAGE:
        await desk.send(Screen(ExpandableBlockQuote(text)), reply=True)
        return
    file = BufferedInputFile(text.encode("utf-8-sig"), filename=f"{_('mail')}-{message.id}.txt")
    await desk.bot.send_document(desk.chat_id, file, message_thread_id=desk.thread_id)


async def answer(_query: CallbackQuery, callback_data: MailPress, desk: Desk) -> None:
    """To everybody who has the mail, or with another subject and copies."""
    message = await _mail(desk, callback_data.id)
    mail = mails.facts(message)
    to, cc = addressing.answered(mail)
    prompt = lines(
        Bold(f"↩️ {mail.get('subject', '')}"),
        _("To: %(people)s") % {"people": ", ".join(to)},
        _("Cc: %(people)s") % {"people": ", ".join(cc)} if cc else None,
        _("Write the answer. It may begin with lines “Subject: …”, “To: …”, “Cc: …”."),
    )
    await desk.ask(ANSWER, Screen(prompt, [cancel()]), message=message.id)


async def answered(_message: Message, desk: Desk) -> None:
    said = _said(desk)
    message = await _mail(desk, (await desk.answers())["message"])
    to, cc = addressing.answered(mails.facts(message))
    fields, text = addressing.read(said.text)
    mail = {"to": fields.to or to, "cc": fields.cc or cc, "subject": fields.subject}
    extra = await extra_of(desk.api, said) | {"reply_to": message.id}
    if text != said.text:
        extra["entities"] = []
    await _send(desk, message, said, text, extra | {"extra": {"mail": mail}})


async def forward(_query: CallbackQuery, callback_data: MailPress, desk: Desk) -> None:
    message = await _mail(desk, callback_data.id)
    prompt = lines(
        Bold(f"↪️ {mails.facts(message).get('subject', '')}"),
        _("To whom? Write the address, several with commas; your words on the next lines."),
    )
    await desk.ask(FORWARD, Screen(prompt, [cancel()]), message=message.id)


async def forwarded(_message: Message, desk: Desk) -> None:
    said = _said(desk)
    message = await _mail(desk, (await desk.answers())["message"])
    head, _line, comment = said.text.strip().partition("\n")
    fields, text = addressing.read(comment)
    to = addressing.addresses(head)
    if not to:
        raise Invalid(N_("The first line must be an address: ivan@client.example."))
    mail = mails.facts(message)
    subject = fields.subject or f"Fwd: {mail.get('subject', '')}".strip()
    sent = {"to": to, "cc": fields.cc, "subject": subject, "forward": True}
    extra = await extra_of(desk.api, said) | {"entities": [], "aside": True}
    extra["files"] += [_file(one) for one in message.files if one.state == "stored"]
    body = "\n\n".join(filter(None, (text, _passed_on(message, desk.actor.timezone))))
    await _send(desk, message, said, body, extra | {"extra": {"mail": sent}})


def _said(desk: Desk) -> InboundMessage:
    said = read(desk.raw)
    if not isinstance(said, InboundMessage) or not said.text.strip():
        raise Invalid(N_("Write the text of the mail, or press Cancel."))
    return said


async def _send(
    desk: Desk, message: MessageView, said: InboundMessage, text: str, extra: dict[str, Any]
) -> None:
    async with db.transaction():
        sent = await desk.run("dialog.reply", dialog_id=message.dialog_id, text=text, extra=extra)
        own = int(said.external_id.rpartition(":")[2])
        await remember_written(desk, message.dialog_id, sent, own)


def _file(file: FileView) -> dict[str, Any]:
    names = ("sha", "kind", "name", "mime", "size", "width", "height", "duration")
    return {name: getattr(file, name) for name in names}


def _passed_on(message: MessageView, timezone: str) -> str:
    """The mail under a heading, as mail programs pass it on."""
    mail = mails.facts(message)
    author = mail.get("from") or {}
    people = ", ".join(one["address"] for one in mail.get("to", ()))
    fields = (
        (_("From"), f"{author.get('name', '')} <{author.get('address', '')}>".strip()),
        (_("Date"), moment(message.at, timezone)),
        (_("To"), people),
        (_("Subject"), mail.get("subject", "")),
    )
    heading = [f"---------- {_('Forwarded message')} ----------"]
    heading += [f"{name}: {value}" for name, value in fields if value]
    text = mail.get("whole") or message.text.removeprefix(mail.get("subject", "")).strip()
    return "\n".join([*heading, "", text])
