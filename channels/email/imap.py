"""The only place that talks IMAP: blocking calls of one mailbox, made from its own thread."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
)

from channels.email import faults, tls
from channels.email.config import MEGABYTE, Config
from channels.email.letters import CUT_TO, Letter
from crm_core.kernel.i18n import _
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 60.0
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LOST = (OSError, imaplib.IMAP4.abort)


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder's identity and the UID its next mail will get."""

    uidvalidity: int
    uidnext: int


class _Box(BaseMailBox):
    """The library's mailbox over a connection made by us."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._given = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._given


class ImapBox:
    """One connection. Every call raises a DeliveryError when it fails; then open a new one.

    All but `abort` are for one thread; `abort` may be called from any to end a blocking call.
    """

    def __init__(self, config: Config, token: str | None = None) -> None:
        self._config = config
        self._token = token
        self._server = faults.Server(
            protocol="IMAP",
            host=config.incoming_host,
            port=config.port_in,
            security=config.incoming_security,
        )
        self._box: BaseMailBox | None = None
        self._aborted = False

    def open(self) -> None:
        """Connect and log in."""
        self._box = self._connected()
        if self._aborted:
            self.abort()
        self._client.sock.settimeout(ANSWER_SECONDS)
        try:
            self._log_in()
        except (MailboxLoginError, imaplib.IMAP4.error, *LOST) as error:
            if isinstance(error, LOST):
                raise faults.unreachable(error, self._server) from None
            oauth = self._token is not None
            raise faults.refused(self._server, _words(error), oauth=oauth) from None

    def _connected(self) -> BaseMailBox:
        try:
            return _Box(self._greeted())
        except OSError as error:
            raise faults.unreachable(error, self._server) from None
        except imaplib.IMAP4.error as error:
            raise self._odd_greeting(error) from None

    def _greeted(self) -> imaplib.IMAP4:
        host, port = self._server.host, self._server.port
        if self._config.incoming_security == "none":
            return imaplib.IMAP4(host, port, timeout=CONNECT_SECONDS)
        context = tls.context(self._config.ca_file)
        if self._config.incoming_security == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=CONNECT_SECONDS)
        client = imaplib.IMAP4(host, port, timeout=CONNECT_SECONDS)
        try:
            client.starttls(context)
        except imaplib.IMAP4.error:
            _hang_up(client)
            raise faults.no_starttls(self._server) from None
        except OSError:
            _hang_up(client)
            raise
        return client

    def _odd_greeting(self, error: Exception) -> DeliveryError:
        """No greeting at all, or not one of an IMAP server."""
        if "EOF" in str(error):
            return faults.silent(self._server)
        return faults.wrong_service(self._server)

    def _log_in(self) -> None:
        assert self._box is not None  # noqa: S101 - just connected
        user = self._config.user
        if self._token is not None:
            self._xoauth2(user, self._token)
            return
        secret = self._config.password
        password = secret.get_secret_value() if secret else ""
        if (user + password).isascii():
            self._box.login(user, password, initial_folder=None)
        else:
            self._box.login_utf8(user, password, initial_folder=None)

    def _xoauth2(self, user: str, token: str) -> None:
        """A refusal comes as a challenge that wants an empty answer before it says NO."""
        answers = iter((f"user={user}\1auth=Bearer {token}\1\1".encode(),))
        self._client.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))

    @property
    def _client(self) -> imaplib.IMAP4:
        if self._box is None:
            raise RetryLater(_("The mailbox is not connected."), after=1)
        return self._box.client

    @contextlib.contextmanager
    def _talking(self) -> Iterator[BaseMailBox]:
        """Errors of the line and of the protocol become ours."""
        try:
            self._client  # noqa: B018 - refuses when not connected
            assert self._box is not None  # noqa: S101 - the line above
            yield self._box
        except LOST as error:
            raise faults.unreachable(error, self._server) from None
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            line = _("%(host)s refuses: %(reason)s.")
            line = self._server.line(line, reason=_words(error)[:200])
            raise RetryLater(line, after=faults.AGAIN_SECONDS) from None

    def folders(self) -> dict[str, str | None]:
        """Names of all folders -> their special use (`\\Sent`, …) if the server tells one."""
        with self._talking() as box:
            return {one.name: _use(one.flags) for one in box.folder.list()}

    def select(self, folder: str) -> FolderState:
        """Open a folder for reading only; ChannelBroken when there is none of that name."""
        with self._talking() as box:
            try:
                box.folder.set(folder, readonly=True)
            except MailboxFolderSelectError as error:
                line = _("There is no folder “%(folder)s” in the mailbox: %(reason)s.")
                facts = {"folder": folder, "reason": _words(error)}
                raise ChannelBroken(line % facts) from None
            validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
            if not validity or not following:
                told = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
                validity, following = told["UIDVALIDITY"], told["UIDNEXT"]
            return FolderState(validity, following)

    def _number(self, name: str) -> int:
        _kind, values = self._client.response(name)
        return int(values[-1]) if values and values[-1] else 0

    def uids(self, low: int, high: int, since: date) -> list[int]:
        """UIDs between both (inclusive) of mail that came on or after a day, ascending."""
        day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
        with self._talking() as box:
            found = box.uids(f"UID {low}:{high} SINCE {day}", charset=None)
        # A range above the newest mail names the newest one.
        return sorted(number for one in found if low <= (number := int(one)) <= high)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each mail."""
        with self._talking() as box:
            status, items = box.client.uid("FETCH", _set(uids), "(UID RFC822.SIZE)")
            _check(status, items)
        found = {}
        for item in items:
            line = item[0] if isinstance(item, tuple) else item or b""
            if (uid := UID.search(line)) and (size := SIZE.search(line)):
                found[int(uid[1])] = int(size[1])
        return found

    def letters(self, sizes: dict[int, int]) -> list[Letter]:
        """Whole mails by UID (one that was deleted meanwhile is left out), in the order asked;
        of one above the limit only the beginning."""
        limit = self._config.max_mail_mb * MEGABYTE
        whole = [uid for uid, size in sizes.items() if size <= limit]
        found = self._fetch(whole, "BODY.PEEK[]") if whole else {}
        for uid in sizes.keys() - set(whole):
            found |= self._fetch([uid], f"BODY.PEEK[]<0.{CUT_TO}>")
        return [
            Letter(uid=str(uid), raw=raw, received=received, size=size, cut=size > limit)
            for uid, size in sizes.items()
            if uid in found
            for raw, received in [found[uid]]
        ]

    def _fetch(self, uids: Sequence[int], what: str) -> dict[int, tuple[bytes, datetime | None]]:
        with self._talking() as box:
            status, items = box.client.uid("FETCH", _set(uids), f"(UID INTERNALDATE {what})")
            _check(status, items)
        return dict(_bodies(items))

    def wait(self, seconds: float) -> bool:
        """Wait for news of the open folder; False when the server can't tell (no IDLE)."""
        with self._talking() as box:
            if "IDLE" not in box.client.capabilities:
                return False
            with box.idle as idle:
                if not _told_already(box.client):
                    idle.poll(timeout=seconds)
            return True

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail into a folder, as read."""
        with self._talking() as box:
            box.append(raw, folder, flag_set=["\\Seen"])

    def abort(self) -> None:
        """Break the connection from another thread: a blocking call ends with an error."""
        self._aborted = True
        sock = getattr(self._box.client, "sock", None) if self._box else None
        if sock is not None:
            with contextlib.suppress(OSError):
                # Under TLS the socket's own shutdown would wait for its thread.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Log out if that still works, and free the socket."""
        box, self._box = self._box, None
        if box is None:
            return
        if not self._aborted:
            box.client.sock.settimeout(3)
            with contextlib.suppress(*LOST, imaplib.IMAP4.error, ImapToolsError):
                box.logout()
        _hang_up(box.client)


def _told_already(client: imaplib.IMAP4) -> bool:
    """Whether news came in one breath with the server's consent to wait.

    Such lines lie in the client's buffer already, so the socket would never become readable.
    """
    sock = client.sock
    usual = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(client._get_line())  # noqa: SLF001
    except OSError:
        return False
    except imaplib.IMAP4.abort as error:
        return "EOF" not in str(error)  # an empty buffer looks like the end; else half a line came
    finally:
        sock.settimeout(usual)


def _hang_up(client: imaplib.IMAP4) -> None:
    with contextlib.suppress(OSError):
        client.shutdown()


def _bodies(items: Sequence[Any]) -> Iterator[tuple[int, tuple[bytes, datetime | None]]]:
    """(UID, (mail, when it came)) out of an answer: facts may stand before or after the literal."""
    for number, item in enumerate(items):
        if not isinstance(item, tuple):
            continue
        after = items[number + 1] if number + 1 < len(items) else b""
        facts = item[0] + (after if isinstance(after, bytes) else b"")
        if uid := UID.search(facts):
            yield int(uid[1]), (item[1], _received(facts))


def _received(facts: bytes) -> datetime | None:
    """INTERNALDATE with its own offset."""
    found = re.search(rb'INTERNALDATE "\s*(\d+)-(\w{3})-(\d{4} [\d:]{8} [+-]\d{4})"', facts)
    if not found or (month := found[2].decode().title()) not in MONTHS:
        return None
    text = f"{int(found[1]):02}-{MONTHS.index(month) + 1:02}-{found[3].decode()}"
    with contextlib.suppress(ValueError):
        return datetime.strptime(text, "%d-%m-%Y %H:%M:%S %z")
    return None


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _check(status: str, items: Sequence[Any]) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error(_text(items))


def _text(said: Sequence[Any]) -> str:
    return " ".join(one.decode(errors="replace") for one in said if isinstance(one, bytes))


def _words(error: Exception) -> str:
    """The server's words in an error of either library."""
    result = getattr(error, "command_result", None)
    if isinstance(result, tuple) and len(result) > 1:
        return _text(result[1])
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _use(flags: Sequence[str]) -> str | None:
    uses = {"\\sent": "\\Sent", "\\drafts": "\\Drafts", "\\junk": "\\Junk", "\\trash": "\\Trash"}
    return next((uses[one.lower()] for one in flags if one.lower() in uses), None)
