"""Gateways that speak SMPP 3.4: a connection to send over, another one to receive over."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog

from channels.sms import faults, gsm, pdu, pieces, smppparse
from channels.sms.config import Config
from channels.sms.doubt import Doubt, fresh_key
from channels.sms.gateway import Note, Outgoing, Take
from channels.sms.session import Session
from crm_core.kernel.i18n import _
from routing.contracts import (
    ChannelBroken,
    CheckReport,
    DeliveryError,
    HookRequest,
    OutcomeUnknown,
    RawEvent,
    Rejected,
    RetryLater,
    Sent,
)

log = structlog.get_logger(__name__)

Store = Callable[[bytes], Awaitable[None]]

PING_SECONDS = 30.0
AFTER_TROUBLE_SECONDS = 10.0
TRY_AGAIN = 0x08  # "system error": the server sends the packet once more
THROTTLED = frozenset({0x14, 0x58})
WRONG_NUMBER = frozenset({0x0B, 0x33})


class SmppGateway:
    """Keeps `channels.sms.gateway.Gateway`."""

    def __init__(self, config: Config, channel_id: int) -> None:
        self._config = config
        self._channel_id = channel_id
        self._sending: Session | None = None
        self._turn = asyncio.Lock()
        self._refs = random.randrange(256)  # noqa: S311 - a reference, not a secret

    async def send(self, sms: Outgoing) -> Sent:
        coding, contents = gsm.encode(sms.text)
        self._refs = (self._refs + 1) % 256
        ids: list[str] = []
        async with self._turn:
            for number, content in enumerate(contents, 1):
                header = b""
                if len(contents) > 1:
                    header = pdu.pieces_header(self._refs, len(contents), number)
                submit = pdu.Submit(
                    source=self._config.sender,
                    to=sms.to,
                    coding=coding,
                    content=content,
                    header=header,
                )
                ids.append(await self._submit(submit, is_first=not ids))
        # The last piece arrives last: it stands for the whole.
        return Sent(tuple(reversed(ids)))

    async def _submit(self, submit: pdu.Submit, *, is_first: bool) -> str:
        try:
            session = await self._session()
            answer = await session.request(pdu.SUBMIT_SM, submit.body())
        except OutcomeUnknown:
            await self._drop()
            raise
        except RetryLater:
            if is_first:
                raise
            # Some pieces have left: nobody may send them twice.
            raise OutcomeUnknown(faults.NO_ANSWER) from None
        if answer.status:
            raise _refusal(answer.status) if is_first else OutcomeUnknown(faults.NO_ANSWER)
        return answer.body.partition(b"\0")[0].decode("latin-1")

    async def _session(self) -> Session:
        if self._sending is not None and not self._sending.is_fresh:
            await self._drop()
        if self._sending is None:
            self._sending = await self._bound(pdu.BIND_TRANSMITTER)
        return self._sending

    async def _bound(self, command: int) -> Session:
        session = await Session.open(self._config.host, self._config.port)
        try:
            password = self._config.password.get_secret_value()
            await session.bind(command, self._config.login, password)
        except DeliveryError:
            await session.close()
            raise
        return session

    async def _drop(self) -> None:
        session, self._sending = self._sending, None
        if session is not None:
            await session.close()

    async def run(self, take: Take, note: Note) -> None:
        """Stay bound as a receiver; bind again when the line breaks."""
        while True:
            try:
                await self._receive(take, note)
            except ChannelBroken as error:
                await note(str(error))
            except (DeliveryError, OSError, TimeoutError, EOFError, ValueError) as error:
                log.warning("smpp_line_broken", channel=self._channel_id, reason=repr(error))
            await asyncio.sleep(AFTER_TROUBLE_SECONDS)

    async def _receive(self, take: Take, note: Note) -> None:
        session = await self._bound(pdu.BIND_RECEIVER)
        try:
            await note(None)
            doubt = await Doubt.of(self._channel_id)
            silent = 0
            while silent < 2:
                await self._give_up_on_missing(take)
                try:
                    async with asyncio.timeout(PING_SECONDS):
                        packet = await session.receive()
                except TimeoutError:
                    silent += 1
                    await session.ping()
                    continue
                silent = 0
                if packet.command == pdu.DELIVER_SM:
                    await self._take(session, packet, partial(self._store, take, doubt))
                else:
                    await session.polite(packet)
        finally:
            await session.close()

    async def _take(self, session: Session, packet: pdu.Packet, store: Store) -> None:
        """The server hears "taken" only when the packet is stored."""
        try:
            await store(packet.body)
        except Exception:
            log.exception("sms_not_stored", channel=self._channel_id)
            await session.answer(packet, TRY_AGAIN)
            return
        await session.answer(packet)

    async def _store(self, take: Take, doubt: Doubt, packet: bytes) -> None:
        digest = smppparse.digest(packet)
        try:
            found = pdu.delivered(packet)
            place = None if found.is_receipt else found.piece()
        except ValueError:
            # Not even a packet: the pipe keeps it as failed.
            place = None
        if place is None:
            if not doubt.is_again(digest):
                key = fresh_key(digest)
                await take(RawEvent(key=key, body=smppparse.body_of(key, packet)))
            return
        ref, total, number = place
        piece = pieces.Piece(
            sender=found.source, ref=ref, total=total, number=number, packet=packet
        )
        if whole := await pieces.put(self._channel_id, piece):
            await self._whole(piece, whole, take)

    async def _whole(self, piece: pieces.Piece, whole: pieces.Whole, take: Take) -> None:
        key = f"whole:{whole.id}"
        body = smppparse.body_of(key, *whole.packets) | {"alone": True}
        await take(RawEvent(key=key, body=body))
        await pieces.done(self._channel_id, piece)

    async def _give_up_on_missing(self, take: Take) -> None:
        for piece, whole in await pieces.overdue(self._channel_id):
            await self._whole(piece, whole, take)

    def read(self, request: HookRequest) -> RawEvent:
        message = "an SMPP account has no webhook"
        raise ValueError(message)

    async def check(self) -> CheckReport:
        try:
            session = await self._bound(pdu.BIND_TRANSMITTER)
        except DeliveryError as error:
            return CheckReport(ok=False, line=_(str(error)))
        await session.close()
        where = {"host": self._config.host, "port": self._config.port}
        return CheckReport(ok=True, line=_("works: %(host)s:%(port)s lets us in.") % where)

    async def close(self) -> None:
        with suppress(OSError):
            await self._drop()


def _refusal(status: int) -> DeliveryError:
    if status in THROTTLED:
        return RetryLater(faults.TOO_OFTEN, after=5)
    if status in WRONG_NUMBER:
        return Rejected(faults.WRONG_NUMBER)
    if status == 0x08:
        return RetryLater(faults.OUT_OF_ORDER, after=30)
    return Rejected(faults.FORBIDDEN)
