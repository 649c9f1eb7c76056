"""The only place that talks POP3: blocking calls of one mailbox, made from its own thread."""

from __future__ import annotations

import base64
import contextlib
import poplib
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Any

from channels.email import faults, tls
from channels.email.config import MEGABYTE, Config
from channels.email.imap import ANSWER_SECONDS, CONNECT_SECONDS
from channels.email.letters import CUT_TO, Letter
from crm_core.kernel.i18n import _
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

# Lines of a mail above the limit; the library refuses lines above this many bytes by itself.
CUT_LINES = CUT_TO // 80
poplib._MAXLINE = MEGABYTE  # type: ignore[attr-defined]  # noqa: SLF001 - 2048 breaks on real mail


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail in the box: its number in this session, its UIDL and its size in bytes."""

    number: int
    uidl: str
    size: int


class _Session(poplib.POP3):
    """Leaves no socket open when what answers is no POP3 server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            if hasattr(self, "sock") and hasattr(self, "file"):
                _hang_up(self)
            raise


class _SecureSession(_Session, poplib.POP3_SSL):
    """The same under TLS."""


class PopBox:
    """One session. Every call raises a DeliveryError when it fails; then open a new one."""

    def __init__(self, config: Config, token: str | None = None) -> None:
        self._config = config
        self._token = token
        self._server = faults.Server(
            protocol="POP3",
            host=config.incoming_host,
            port=config.port_in,
            security=config.incoming_security,
        )
        self._pop: poplib.POP3 | None = None
        self._aborted = False

    def open(self) -> None:
        """Connect and log in; the server locks the box for others until `close`."""
        self._pop = self._connected()
        if self._aborted:
            self.abort()
        self._pop.sock.settimeout(ANSWER_SECONDS)
        try:
            self._log_in(self._pop)
        except poplib.error_proto as error:
            oauth = self._token is not None
            raise faults.refused(self._server, _words(error), oauth=oauth) from None
        except (OSError, EOFError) as error:
            raise faults.unreachable(error, self._server) from None

    def _connected(self) -> poplib.POP3:
        config, host, port = self._config, self._server.host, self._server.port
        try:
            if config.incoming_security == "none":
                return _Session(host, port, timeout=CONNECT_SECONDS)
            context = tls.context(config.ca_file)
            if config.incoming_security == "tls":
                return _SecureSession(host, port, timeout=CONNECT_SECONDS, context=context)
            pop = _Session(host, port, timeout=CONNECT_SECONDS)
        except OSError as error:
            raise faults.unreachable(error, self._server) from None
        except poplib.error_proto as error:
            raise self._odd_greeting(error) from None
        return self._encrypted(pop)

    def _odd_greeting(self, error: Exception) -> DeliveryError:
        if "EOF" in str(error):
            return faults.silent(self._server)
        return faults.wrong_service(self._server)

    def _encrypted(self, pop: poplib.POP3) -> poplib.POP3:
        try:
            pop.stls(tls.context(self._config.ca_file))
        except poplib.error_proto:
            _hang_up(pop)
            raise faults.no_starttls(self._server) from None
        except OSError as error:
            _hang_up(pop)
            raise faults.unreachable(error, self._server) from None
        return pop

    def _log_in(self, pop: poplib.POP3) -> None:
        user = self._config.user
        if self._token is not None:
            _xoauth2(pop, user, self._token)
            return
        secret = self._config.password
        pop.encoding = "UTF-8"
        pop.user(user)
        pop.pass_(secret.get_secret_value() if secret else "")

    @contextlib.contextmanager
    def _talking(self) -> Iterator[poplib.POP3]:
        if self._pop is None:
            raise RetryLater(_("The mailbox is not connected."), after=1)
        try:
            yield self._pop
        except poplib.error_proto as error:
            line = _("%(host)s refuses: %(reason)s.")
            line = self._server.line(line, reason=_words(error)[:200])
            raise RetryLater(line, after=faults.AGAIN_SECONDS) from None
        except (OSError, EOFError) as error:
            raise faults.unreachable(error, self._server) from None

    def listed(self) -> list[Listed]:
        """Everything in the box, oldest first; ChannelBroken when the server has no UIDL."""
        with self._talking() as pop:
            sizes = dict(_pair(line) for line in pop.list()[1])
            try:
                lines: Sequence[bytes] = pop.uidl()[1]
            except poplib.error_proto:
                line = _("%(host)s knows no UIDL: collect this mailbox over IMAP.")
                raise ChannelBroken(self._server.line(line)) from None
        pairs = (_pair(line) for line in lines)
        return [Listed(int(n), uidl, int(sizes.get(n, 0))) for n, uidl in pairs]

    def letter(self, one: Listed) -> Letter:
        """A whole mail; of one above the limit only the beginning."""
        cut = one.size > self._config.max_mail_mb * MEGABYTE
        with self._talking() as pop:
            lines = (pop.top(one.number, CUT_LINES) if cut else pop.retr(one.number))[1]
        raw = b"\r\n".join(lines) + b"\r\n"
        if cut:
            raw = raw[:CUT_TO]
        return Letter(uid=one.uidl, raw=raw, size=one.size or len(raw), cut=cut)

    def day(self, one: Listed) -> datetime | None:
        """When a mail came, by the server that took it (`Received`), else by its `Date`."""
        with self._talking() as pop:
            lines = pop.top(one.number, 0)[1]
        head = BytesHeaderParser().parsebytes(b"\r\n".join(lines) + b"\r\n\r\n")
        received = str(head.get("Received") or "").rpartition(";")[2]
        return _moment(received) or _moment(str(head.get("Date") or ""))

    def delete(self, one: Listed) -> None:
        """Mark for deletion: it is gone once the session is closed properly."""
        with self._talking() as pop:
            pop.dele(one.number)

    def abort(self) -> None:
        """Break the connection from another thread; nothing is deleted then."""
        self._aborted = True
        sock = getattr(self._pop, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        pop, self._pop = self._pop, None
        if pop is None:
            return
        if not self._aborted:
            with contextlib.suppress(OSError, EOFError, poplib.error_proto):
                pop.quit()
        _hang_up(pop)


def _hang_up(pop: poplib.POP3) -> None:
    with contextlib.suppress(OSError):
        pop.close()


def _xoauth2(pop: poplib.POP3, user: str, token: str) -> None:
    """A refusal comes as a challenge that wants an empty answer before it says -ERR."""

    text = base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode()
    said = pop._shortcmd(f"AUTH XOAUTH2 {text}")  # type: ignore[attr-defined]  # noqa: SLF001 - the library knows no SASL
    if said.startswith(b"+ "):
        pop._shortcmd("")  # type: ignore[attr-defined]  # noqa: SLF001 - as above


def _pair(line: bytes) -> tuple[str, str]:
    """`12 text` → ("12", "text")."""
    number, _space, rest = line.decode("ascii", "replace").partition(" ")
    return number, rest.strip()


def _moment(text: str) -> datetime | None:
    with contextlib.suppress(ValueError, TypeError, IndexError):
        found = parsedate_to_datetime(text.strip())
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
