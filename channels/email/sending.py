"""A mail out: composed, handed to the server, and its copy put into Sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

import structlog

from channels.email import ids, smtp
from channels.email.config import Config
from channels.email.imap import ImapBox
from channels.email.oauth import Tokens
from channels.email.sync import sent_folder
from channels.email.worker import Worker
from crm_core.dialogs.messages import OutboundPart
from crm_core.kernel.i18n import _
from crm_core.kernel.supervisor import Crew
from routing.contracts import Account, ChannelBroken, DeliveryError, Rejected, Sent

log = structlog.get_logger(__name__)

COPY_GRACE = 10.0
POLICY = SMTP.clone(max_line_length=78)
Compose = Callable[[Config, int, str, OutboundPart], Awaitable[EmailMessage]]


@dataclass(slots=True, kw_only=True)
class Postman:
    """Sends for one mailbox; copies go into Sent behind the sender's back, one at a time."""

    account: Account
    config: Config
    tokens: Tokens
    compose: Compose
    _crew: Crew = field(default_factory=Crew)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, chat: str, part: OutboundPart) -> Sent:
        message = await self.compose(self.config, self.account.id, chat, part)
        if not message["Message-ID"]:
            number = ids.message_id(self.account.id, part.key, self.config.address)
            message["Message-ID"] = number
        found = await asyncio.to_thread(envelope, message, self.config.address)
        await self._hand_over(found)
        if self.config.copies_sent:
            self._crew.start(self._copy(found.raw))
        return Sent((ids.external(str(message["Message-ID"])),))

    async def _hand_over(self, mail: smtp.Envelope) -> None:
        """A token may end before its time: then once more with a fresh one."""
        try:
            await smtp.send(self.config, await self.tokens.access(), mail)
        except ChannelBroken:
            if self.config.auth != "oauth2":
                raise
            self.tokens.forget()
            await smtp.send(self.config, await self.tokens.access(), mail)

    async def _copy(self, raw: bytes) -> None:
        """Best effort: the mail has left, whatever becomes of its copy."""
        try:
            async with self._turn:
                await self._append(raw)
        except DeliveryError as error:
            log.warning("no_copy_in_sent", channel=self.account.name, reason=str(error))

    async def _append(self, raw: bytes) -> None:
        box = ImapBox(self.config, await self.tokens.access())
        async with Worker(box, self.account.name) as worker:
            await worker.call(box.open)
            folder = await worker.call(sent_folder, box, self.config)
            if folder is not None:
                await worker.call(box.append, folder, raw)

    async def close(self) -> None:
        await self._crew.close(COPY_GRACE)


def envelope(message: EmailMessage, sender: str) -> smtp.Envelope:
    """Who gets it, and its bytes without Bcc; Rejected when it is for nobody."""
    lines = [str(line) for name in ("To", "Cc", "Bcc") for line in message.get_all(name, [])]
    people = list(dict.fromkeys(address for _name, address in getaddresses(lines) if address))
    if not people:
        raise Rejected(_("The mail has no recipient."))
    del message["Bcc"]
    with contextlib.suppress(UnicodeEncodeError):
        return smtp.Envelope(sender=sender, recipients=people, raw=message.as_bytes(policy=POLICY))
    raw = message.as_bytes(policy=POLICY.clone(utf8=True))
    return smtp.Envelope(sender=sender, recipients=people, raw=raw)
