"""One connection to Asterisk's manager interface: the only place that knows panoramisk.

panoramisk drops the link when a handler raises, never notices a dead one, repeats old actions
after an outage and loses letters at packet borders. So: no handlers, no reconnecting of its own,
pings that are looked at, and text put together before it is decoded.
"""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from telephony.asterisk.parse import AmiEvent, name_of, parse, split
from telephony.contracts import Refusal

log = structlog.get_logger(__name__)

CONNECT, PING_EVERY, PATIENCE = 5.0, 5.0, 5.0
OnEvent = Callable[[str], None]


class LinkDown(ConnectionError):
    """There is no link; `str(error)` says why."""


class WrongSecret(LinkDown):
    """Asterisk is there and does not let us in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    host: str
    port: int
    username: str
    secret: str

    def __repr__(self) -> str:
        return f"Address({self.host}:{self.port})"


class _Protocol(AMIProtocol):  # type: ignore[misc]  # panoramisk is not typed
    """Text is decoded across packets; events go straight on, answers to panoramisk."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.greeting: str | None = None

    def data_received(self, data: bytes) -> None:
        text = self._rest + self._decoder.decode(data)
        if self.greeting is None:
            line, found, rest = text.partition("\r\n")
            if not found:
                self._rest = text
                return
            self.greeting, text = line, rest
        blocks, self._rest = split(text)
        for block in blocks:
            self._take(block.lstrip("\r\n"))

    def _take(self, block: str) -> None:
        if name_of(block) is not None and "\r\nActionID: " not in block:
            self._on_event(block)
        elif (message := Message.from_line(block)) is not None:
            message.plain = parse(block)
            self.handle_message(message)


class _Manager(Manager):  # type: ignore[misc]  # panoramisk is not typed
    """Tells that the link has gone instead of connecting again by itself."""

    def __init__(self, gone: Callable[[], None], **config: Any) -> None:
        super().__init__(**config)
        self._gone = gone

    def connection_lost(self, exc: object) -> None:
        self._gone()


class AmiLink:
    """A logged-in connection. `lost` is set when it ends, for whatever reason."""

    def __init__(self, address: Address, on_event: OnEvent) -> None:
        self._address = address
        self._on_event = on_event
        self._manager: _Manager | None = None
        self._protocol: _Protocol | None = None
        self.lost = asyncio.Event()

    @property
    def version(self) -> str:
        """`Asterisk Call Manager/9.0.0`."""
        return (self._protocol.greeting if self._protocol else None) or ""

    async def open(self) -> None:
        """Connect and log in; raises LinkDown or WrongSecret."""
        at = self._address
        try:
            async with asyncio.timeout(CONNECT):
                transport, protocol = await asyncio.get_running_loop().create_connection(
                    lambda: _Protocol(self._on_event), at.host, at.port
                )
        except TimeoutError:
            raise LinkDown(f"{at.host}:{at.port} does not answer") from None
        except OSError as error:
            why = error.strerror or str(error)
            raise LinkDown(f"{at.host}:{at.port} refused: {why}") from None
        self._protocol = protocol
        await self._log_in(transport, protocol)

    async def _log_in(self, transport: asyncio.BaseTransport, protocol: _Protocol) -> None:
        at, loop = self._address, asyncio.get_running_loop()
        self._manager = _Manager(
            self.lost.set,
            loop=loop,
            username=at.username,
            secret=at.secret,
            ping_delay=10**6,
        )
        made = loop.create_future()
        made.set_result((transport, protocol))
        self._manager.connection_made(made)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await asyncio.shield(self._manager.authenticated_future)
        except (TimeoutError, asyncio.CancelledError) as error:
            self.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise LinkDown(f"{at.host}:{at.port} does not speak AMI") from None
        if not answer.success:
            self.close()
            raise WrongSecret(f"wrong user or secret: {answer.message}")

    async def ask(self, action: Mapping[str, Any], *, patience: float = PATIENCE) -> AmiEvent:
        """Do one action; its (last) answer. Raises Refusal with Asterisk's words, LinkDown."""
        return (await self._send(action, patience))[-1]

    async def listing(self, action: Mapping[str, Any]) -> list[AmiEvent]:
        """Do an action that answers with a list; its items."""
        answers = await self._send(action, PATIENCE, as_list=True)
        return [one for one in answers[1:] if not one.get("Event", "").endswith("Complete")]

    async def _send(
        self, action: Mapping[str, Any], patience: float, *, as_list: bool | None = None
    ) -> list[AmiEvent]:
        if self._manager is None or self.lost.is_set():
            raise LinkDown("there is no link to the PBX")
        future = self._manager.send_action(_clean(action), as_list=as_list)
        try:
            async with asyncio.timeout(patience):
                found = await future
        except TimeoutError:
            raise LinkDown("the PBX does not answer") from None
        answers: list[AmiEvent] = [one.plain for one in _as_list(found)]
        if answers[0].get("Response") in {"Error", "Failure"}:
            raise Refusal(answers[0].get("Message", "refused"))
        return answers

    async def watch(self) -> None:
        """Return when the link is lost; a silent one counts as lost."""
        while not self.lost.is_set():
            try:
                async with asyncio.timeout(PING_EVERY):
                    await self.lost.wait()
            except TimeoutError:
                await self._ping()

    async def _ping(self) -> None:
        try:
            await self.ask({"Action": "Ping"})
        except (LinkDown, Refusal):
            log.warning("ami_silent", address=repr(self._address))
            self.close()

    def close(self) -> None:
        """End the link at once; nothing is sent any more, nothing waits for a next one."""
        self.lost.set()
        if self._manager is not None:
            self._manager.close()
            self._manager.awaiting_actions.clear()
        if self._protocol is not None:
            self._protocol.transport.abort()


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _clean(action: Mapping[str, Any]) -> dict[str, Any]:
    """Nobody's text may begin a header of its own."""
    return {
        key: value.replace("\r", " ").replace("\n", " ") if isinstance(value, str) else value
        for key, value in action.items()
    }
