"""A SIP phone: registers, rings, answers, refuses, calls, hangs up. It has no ears."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from crm_core.kernel.supervisor import Crew
from sandbox.asterisk.sip import Message, authorization, parse, session, token, user_of

Address = tuple[str, int]
ANSWER_SOON = 0.2
PATIENCE = 20.0
T = TypeVar("T")


class Leg:
    """One call of a phone. `state`: calling, ringing, up, ended; `code` of a refusal."""

    def __init__(self, phone: Phone, call_id: str, *, out: bool) -> None:
        self.phone, self.id, self.out = phone, call_id, out
        self.tag, self.sequence, self.code = token(4), 1, 0
        self._state, self.rtp = "calling", 0
        self.target = self.mine = self.theirs = self.via = ""
        self.invite: Message | None = None
        self.caller = self.called = ""
        self.session = ""  # the other side's session description

    @property
    def state(self) -> str:
        return self._state

    @state.setter
    def state(self, state: str) -> None:
        self._state = state
        self.phone.changed()

    async def wait(self, *states: str) -> Leg:
        await self.phone.until(lambda: self.state in states, f"the call to be {states}")
        return self

    def answer(self) -> None:
        assert self.invite is not None  # noqa: S101 - only of calls that came in
        self.state = "up"
        self.phone.reply(self.invite, "200 OK", self.tag, self.phone.offer())

    def refuse(self, line: str = "486 Busy Here") -> None:
        assert self.invite is not None  # noqa: S101 - only of calls that came in
        self.state = "ended"
        self.phone.reply(self.invite, line, self.tag)

    async def hangup(self) -> None:
        if self.state == "up":
            self.state = "ended"
            await self.phone.ask(self.request("BYE"))
        elif self.state in {"calling", "ringing"}:
            self.phone.send(self.request("CANCEL", same=True))
            await self.wait("ended")

    def request(self, method: str, body: str = "", *, same: bool = False) -> str:
        """A request in this dialog; `same` for CANCEL and ACK of the INVITE."""
        self.sequence += 0 if same else 1
        via = self.via if same else self.phone.via()
        return self.phone.text(
            f"{method} {self.target} SIP/2.0",
            via,
            f"From: {self.mine}",
            f"To: {self.theirs}",
            f"Call-ID: {self.id}",
            f"CSeq: {self.sequence} {method}",
            body=body,
        )


class Phone(asyncio.DatagramProtocol):
    """`on_ring` decides what to do with an incoming call; by default it answers soon."""

    def __init__(self, user: str, server: Address, *, secret: str = "", at: Address | None = None):
        self.user, self.server, self.secret = user, server, secret
        self.ip, self.port = at or ("127.0.0.1", 0)
        self.legs: dict[str, Leg] = {}
        self.on_ring: Callable[[Leg], None] = self.answer_soon
        self._answers: dict[tuple[str, str], asyncio.Queue[Message]] = {}
        self.media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._crew = Crew()
        self._watchers: list[Callable[[], None]] = []

    async def open(self) -> Phone:
        loop = asyncio.get_running_loop()
        self.media.bind((self.ip, 0))
        self._line, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self.ip, self.port)
        )
        self.port = self._line.get_extra_info("sockname")[1]
        if self.secret:
            await self.register()
        return self

    async def close(self) -> None:
        for leg in list(self.legs.values()):
            if leg.state == "up":
                await leg.hangup()
        if self.secret:
            with suppress(AssertionError):
                await self.register(0)
        await self._crew.close(grace=0.1)
        self._line.close()
        self.media.close()

    # What a call may meet.

    def answer_soon(self, leg: Leg) -> None:
        self._later(ANSWER_SOON, lambda: leg.answer() if leg.state == "ringing" else None)

    def let_ring(self, leg: Leg) -> None:
        """Nobody is there."""

    def busy(self, leg: Leg) -> None:
        leg.refuse()

    def _later(self, seconds: float, act: Callable[[], Any]) -> None:
        asyncio.get_running_loop().call_later(seconds, act)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change of a call, until the returned function is called."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def changed(self) -> None:
        for tell in list(self._watchers):
            tell()

    async def until(self, look: Callable[[], T], what: str) -> T:
        """The first truthy value `look` gives; AssertionError after `PATIENCE` seconds."""
        stirred = asyncio.Event()
        unwatch = self.watch(stirred.set)
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := look()):
                    await stirred.wait()
                    stirred.clear()
                return found
        except TimeoutError:
            states = [leg.state for leg in self.legs.values()]
            message = f"{self.user} waited in vain for {what}: its calls are {states}"
            raise AssertionError(message) from None
        finally:
            unwatch()

    async def ringing(self) -> Leg:
        """The newest call that rings here."""
        return await self._leg("ringing", out=False)

    async def talking(self) -> Leg:
        return await self._leg("up")

    async def _leg(self, state: str, **wanted: bool) -> Leg:
        def look() -> Leg | None:
            found = [leg for leg in self.legs.values() if leg.state == state]
            return next(
                (leg for leg in reversed(found) if leg.out is wanted.get("out", leg.out)), None
            )

        leg = await self.until(look, f"a call to be {state}")
        assert leg is not None  # noqa: S101 - found, or refused above
        return leg

    # Calling.

    async def call(self, number: str, caller: str | None = None) -> Leg:
        """Begin a call; it is not waited for."""
        leg = Leg(self, token(), out=True)
        self.legs[leg.id] = leg
        leg.caller, leg.called = caller or self.user, number
        leg.target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        leg.mine = f"<sip:{caller or self.user}@{self.server[0]}>;tag={leg.tag}"
        leg.theirs = f"<{leg.target}>"
        leg.via = self.via()
        invite = leg.request("INVITE", self.offer(), same=True)
        self._crew.start(self._calling(leg, invite))
        return leg

    async def _calling(self, leg: Leg, invite: str) -> None:
        answer = await self.ask(invite, leg)
        leg.theirs = answer.headers["to"]
        leg.code = answer.code
        if answer.code == 200:
            leg.session = answer.body
            leg.target = answer.uri("contact")
            leg.via = self.via()
        self.send(leg.request("ACK", same=True))
        leg.state = "up" if answer.code == 200 else "ended"

    async def register(self, seconds: int = 300) -> None:
        server = f"sip:{self.server[0]}:{self.server[1]}"
        me = f"<sip:{self.user}@{self.server[0]}>"
        request = self.text(
            f"REGISTER {server} SIP/2.0",
            self.via(),
            f"From: {me};tag={token(4)}",
            f"To: {me}",
            f"Call-ID: {token()}",
            "CSeq: 1 REGISTER",
            f"Expires: {seconds}",
        )
        answer = await self.ask(request)
        if answer.code != 200:
            raise AssertionError(answer.start)

    # The wire.

    def via(self) -> str:
        return f"Via: SIP/2.0/UDP {self.ip}:{self.port};rport;branch=z9hG4bK{token()}"

    def offer(self) -> str:
        return session(self.ip, self.media.getsockname()[1])

    def text(self, *lines: str, body: str = "") -> str:
        contact = f"Contact: <sip:{self.user}@{self.ip}:{self.port}>"
        kind = ["Content-Type: application/sdp"] if body else []
        tail = [contact, "Max-Forwards: 70", *kind, f"Content-Length: {len(body)}", "", body]
        return "\r\n".join([*lines, *tail])

    def send(self, text: str) -> None:
        self._line.sendto(text.encode(), self.server)

    def reply(self, to: Message, line: str, tag: str, body: str = "") -> None:
        whom = to.headers["to"]
        whom += f";tag={tag}" if ";tag=" not in whom else ""
        same = [f"{name.title()}: {to.headers[name]}" for name in ("from", "call-id", "cseq")]
        vias = [f"Via: {via}" for via in to.vias]
        self.send(self.text(f"SIP/2.0 {line}", *vias, *same, f"To: {whom}", body=body))

    async def ask(self, text: str, leg: Leg | None = None) -> Message:
        """Send a request until it is answered for good; a challenge is met once."""
        request = parse(text.encode())
        answer = await self._exchange(text, request)
        if answer.code != 401 or "Authorization:" in text:
            return answer
        sequence, method = request.headers["cseq"].split()
        if leg is not None:
            leg.theirs = answer.headers["to"]
            self.send(leg.request("ACK", same=True))
            leg.theirs = request.headers["to"]
            leg.sequence += 1
        proof = authorization(answer, self.user, self.secret, (method, request.start.split()[1]))
        again = text.replace(f"CSeq: {sequence} ", f"CSeq: {int(sequence) + 1} ", 1)
        again = re.sub(r"branch=z9hG4bK\w+", f"branch=z9hG4bK{token()}", again, count=1)
        again = again.replace("Max-Forwards:", f"{proof}\r\nMax-Forwards:", 1)
        if leg is not None:
            leg.via = next(line for line in again.split("\r\n") if line.startswith("Via:"))
        return await self.ask(again, leg)

    async def _exchange(self, text: str, request: Message) -> Message:
        queue = self._answers[request.turn] = asyncio.Queue()
        pause = 0.5
        try:
            while pause < 10:
                self.send(text)
                try:
                    async with asyncio.timeout(pause if "INVITE" not in request.start else 60):
                        while (answer := await queue.get()).code < 200:
                            pass
                        return answer
                except TimeoutError:
                    pause *= 2
            message = f"{self.user} got no answer to {request.start}"
            raise AssertionError(message)
        finally:
            del self._answers[request.turn]

    def datagram_received(self, data: bytes, _address: Address) -> None:
        message = parse(data)
        leg = self.legs.get(message.headers.get("call-id", ""))
        if message.code:
            if leg is not None and leg.out and message.code in {180, 183}:
                leg.state = "ringing" if leg.state == "calling" else leg.state
            if message.turn in self._answers:
                self._answers[message.turn].put_nowait(message)
        elif message.method == "INVITE" and leg is None:
            self._rings(message)
        elif message.method != "ACK":
            self._asked(message, leg)

    def _rings(self, invite: Message) -> None:
        leg = Leg(self, invite.headers["call-id"], out=False)
        self.legs[leg.id] = leg
        leg.invite, leg.state, leg.target = invite, "ringing", invite.uri("contact")
        leg.mine, leg.theirs = f"{invite.headers['to']};tag={leg.tag}", invite.headers["from"]
        leg.caller, leg.session = user_of(invite.uri("from")), invite.body
        leg.called = user_of(invite.start.split()[1])
        self.reply(invite, "180 Ringing", leg.tag)
        self.on_ring(leg)

    def _asked(self, message: Message, leg: Leg | None) -> None:
        tag = leg.tag if leg else token(4)
        if message.method == "INVITE" and leg is not None:
            if leg.state != "ringing":
                self.reply(message, "200 OK", tag, self.offer())
            return
        self.reply(message, "200 OK", tag)
        if leg is not None and message.method in {"BYE", "CANCEL"}:
            if message.method == "CANCEL" and leg.invite is not None:
                self.reply(leg.invite, "487 Request Terminated", tag)
            leg.state = "ended"
