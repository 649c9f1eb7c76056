"""What lies in a client's mail program: letters written and received, as real mails."""

from __future__ import annotations

import email
import email.policy
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr

from sandbox.botapi.feed import Feed

DOMAIN = "client.sandbox.test"
Deliver = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of a letter."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail as its reader sees it. Ids rise; `at` in Unix seconds."""

    id: int
    mine: bool
    at: float
    subject: str
    text: str
    author: str = ""
    message_id: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(slots=True, kw_only=True)
class Letterbox:
    """The mail program of one person. `deliver` brings a mail to the shop's server.

    Feed: {} after every change.
    """

    name: str
    address: str
    shop: str
    deliver: Deliver
    feed: Feed = field(default_factory=Feed)
    letters: list[Letter] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def write(
        self, text: str, *, subject: str = "", files: Sequence[Attached] = (), reply_to: int = 0
    ) -> Letter:
        """Send a letter; without a subject it goes on with the last one (or `reply_to`)."""
        known = self._answered(reply_to) if not subject or reply_to else None
        about = subject or _answer(known.subject if known else "")
        message = self._message(text, about, files)
        if known is not None and known.message_id:
            message["In-Reply-To"] = message["References"] = known.message_id
        letter = Letter(
            id=next(self._numbers),
            mine=True,
            at=time.time(),
            subject=about,
            text=text,
            message_id=str(message["Message-ID"]),
            files=tuple(files),
        )
        self.deliver(message.as_bytes())
        return self._keep(letter)

    def _answered(self, number: int) -> Letter | None:
        """The letter a new one answers: the named, else the last of the shop's, else the last."""
        named = [one for one in self.letters if one.id == number]
        theirs = [one for one in self.letters if not one.mine]
        return next(iter([*named, *theirs[::-1], *self.letters[::-1]]), None)

    def _message(self, text: str, subject: str, files: Sequence[Attached]) -> EmailMessage:
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = formataddr((self.name, self.address))
        message["To"] = self.shop
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=DOMAIN)
        message.set_content(text)
        for file in files:
            main, _slash, sub = (file.mime or "application/octet-stream").partition("/")
            message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
        return message

    def take(self, raw: bytes) -> None:
        """A mail of the shop has come."""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        if not isinstance(message, EmailMessage) or self.address not in str(message["To"]):
            return
        body = message.get_body(("plain", "html"))
        self._keep(
            Letter(
                id=next(self._numbers),
                mine=False,
                at=time.time(),
                subject=_header(raw, "Subject"),
                text=_own_words(str(body.get_content()) if body else ""),
                author=parseaddr(_header(raw, "From"))[0],
                message_id=str(message["Message-ID"] or ""),
                files=tuple(_files(message)),
            )
        )

    def _keep(self, letter: Letter) -> Letter:
        self.letters.append(letter)
        self.feed.publish({"letter": letter.id})
        return letter

    def wipe(self) -> None:
        self.letters.clear()
        self.feed.publish({})


def _header(raw: bytes, name: str) -> str:
    """By the old reader: the new one leaves a space between the words a long name was cut into."""
    found = email.message_from_bytes(raw)[name] or ""
    return str(make_header(decode_header(found)))


def _answer(subject: str) -> str:
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def _files(message: EmailMessage) -> list[Attached]:
    return [
        Attached(
            name=part.get_filename() or "file",
            mime=part.get_content_type(),
            data=part.get_payload(decode=True) or b"",  # type: ignore[arg-type]  # bytes: decoded
        )
        for part in message.iter_attachments()
    ]


def _own_words(text: str) -> str:
    """Without what is quoted from letters before, as mail programs fold it."""
    lines = text.replace("\r", "").split("\n")
    while lines and (not lines[-1].strip() or lines[-1].startswith(">")):
        lines.pop()
    if lines and lines[-1].rstrip().endswith(":") and len(text) > len("\n".join(lines)) + 2:
        lines.pop()
    return "\n".join(lines).strip()
