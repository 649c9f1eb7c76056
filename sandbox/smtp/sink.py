"""A strict mail server: log-in by password or token, TLS or not, faults as they are set."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail that was taken: who sent it to whom, its bytes, and as whom they had logged in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    login: str | None


@dataclass(slots=True, kw_only=True)
class Faults:
    """What goes wrong. Replies are whole lines ("550 5.1.1 User unknown").

    `recipients`: address -> replies, one for each attempt, then it is taken. `cut_at` is
    "connect", "rcpt", "data" (nothing kept) or "after_data" (kept, no answer comes back).
    """

    recipients: dict[str, list[str]] = field(default_factory=dict)
    sender: str = ""
    data: list[str] = field(default_factory=list)
    cut_at: str = ""
    delay: float = 0.0


@dataclass(slots=True, kw_only=True)
class Sink:
    """`async with Sink(...) as sink:` then `sink.port`. `logins` are user -> password, `tokens`
    user -> access token; with either one must log in. `tls`: context for STARTTLS, or for TLS
    from the beginning when `implicit`."""

    logins: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    faults: Faults = field(default_factory=Faults)
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    size_limit: int = 30 * 1024 * 1024
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Transport] = field(default_factory=set)

    async def __aenter__(self) -> Sink:
        loop = asyncio.get_running_loop()
        context = self.tls if self.implicit else None
        self._server = await loop.create_server(self._session, HOST, self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()
        for transport in list(self._open):
            transport.abort()
        await asyncio.sleep(0)

    def _session(self) -> _Protocol:
        return _Protocol(
            self,
            _Handler(self),
            hostname="mail.sandbox.test",
            data_size_limit=self.size_limit,
            enable_SMTPUTF8=True,
            tls_context=None if self.implicit else self.tls,
            authenticator=self.authenticate,
            auth_require_tls=not self.closed,
            auth_exclude_mechanism=self._not_offered(),
        )

    def _not_offered(self) -> list[str]:
        passwords = [] if self.logins else ["LOGIN", "PLAIN"]
        return passwords + ([] if self.tokens else ["XOAUTH2"])

    @property
    def closed(self) -> bool:
        """Whether one must log in."""
        return bool(self.logins or self.tokens)

    def opened(self, transport: asyncio.Transport) -> None:
        self.connections += 1
        self._open.add(transport)
        if self.faults.cut_at == "connect":
            transport.abort()

    def ended(self, transport: asyncio.Transport) -> None:
        self._open.discard(transport)

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any
    ) -> AuthResult:
        """Passwords; tokens come to `auth_XOAUTH2`."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user = data.login.decode()
        right = self.logins.get(user) == data.password.decode()
        return AuthResult(success=right, handled=False, auth_data=user)


class _Protocol(SMTP):
    """A session that the sink knows of."""

    def __init__(self, sink: Sink, handler: _Handler, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._sink = sink
        self._seen: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._seen is None and isinstance(transport, asyncio.Transport):
            self._seen = transport
            self._sink.opened(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._seen is not None:
            self._sink.ended(self._seen)
        super().connection_lost(error)


class _Handler:
    """What the library asks at each step."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        text = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        fields = dict(one.partition("=")[::2] for one in text.split("\1") if one)
        user, token = fields.get("user", ""), fields.get("auth", "").removeprefix("Bearer ")
        if user and self._sink.tokens.get(user) == token:
            return AuthResult(success=True, auth_data=user)
        challenge = base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode()
        await server.push(f"334 {challenge}")
        await server._reader.readline()  # noqa: SLF001 - the client's empty answer
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sink.closed and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._sink.faults.sender:
            return self._sink.faults.sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._sink.faults.cut_at == "rcpt":
            return _cut(server)
        if replies := self._sink.faults.recipients.get(address):
            return replies.pop(0) if len(replies) > 1 or replies[0][0] == "4" else replies[0]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        faults = self._sink.faults
        if faults.cut_at == "data":
            return _cut(server)
        if faults.data:
            return faults.data.pop(0)
        self._keep(session, envelope)
        if faults.delay:
            await asyncio.sleep(faults.delay)
        return _cut(server) if faults.cut_at == "after_data" else "250 2.0.0 queued"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        login = session.auth_data if session.authenticated else None
        self._sink.taken.append(
            Taken(
                sender=envelope.mail_from or "",
                recipients=tuple(str(one) for one in envelope.rcpt_tos),
                raw=envelope.original_content or b"",
                login=login,
            )
        )


def _cut(server: SMTP) -> str:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    return "421 gone"
