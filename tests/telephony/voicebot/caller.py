"""Somebody who calls from outside: real SIP and RTP over UDP, for tests (no registration)."""

from __future__ import annotations

import asyncio
import random
import re
import struct
from dataclasses import dataclass, field

from tests.telephony.voicebot.sounds import from_ulaw, to_ulaw

SDP = (
    "v=0\r\no=- {port} 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
)
KEYS = "0123456789*#"


@dataclass
class Call:
    """One call: `play` what is to be said, `heard` is everything that has arrived."""

    outside: Outside
    number: str
    id: str
    tag: str
    caller: str
    name: str
    up: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    remote: str = ""
    target: str = ""
    branch: str = ""
    silent: bool = False
    _heard: bytearray = field(default_factory=bytearray)
    _say: bytearray = field(default_factory=bytearray)
    _peer: tuple[str, int] | None = None
    _rtp: asyncio.DatagramTransport | None = None
    _keying: bool = False
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _number: int = 1
    _stamp: int = field(default_factory=lambda: random.getrandbits(31))

    @property
    def heard(self) -> bytes:
        """16-bit sound since the last `forget`."""
        return from_ulaw(bytes(self._heard))

    def forget(self) -> None:
        self._heard.clear()

    async def listen(self, seconds: float) -> None:
        """Until so much more sound has come (silence is sound too)."""
        until = len(self._heard) + int(8000 * seconds)
        async with asyncio.timeout(20):
            while len(self._heard) < until:
                self._came.clear()
                await self._came.wait()

    def play(self, pcm: bytes) -> None:
        self._say += to_ulaw(pcm)

    @property
    def talking(self) -> bool:
        return bool(self._say)

    async def press(self, keys: str) -> None:
        """RFC 4733, as a telephone does it."""
        for key in keys:
            self._keying = True
            stamp = self._stamp
            for part in range(8):
                end = 0x80 if part >= 5 else 0
                body = struct.pack("!BBH", KEYS.index(key), 10 | end, 160 * (min(part, 5) + 1))
                self._packet(101, body, stamp, mark=part == 0)
                await asyncio.sleep(0.02)
            self._keying = False
            await asyncio.sleep(0.1)

    async def hang_up(self) -> None:
        if self.up.is_set() and not self.over.is_set():
            self.outside.send(self, "BYE", 2)
        elif not self.over.is_set():
            self.outside.send(self, "CANCEL", 1)
        async with asyncio.timeout(5):
            await self.over.wait()

    def vanish(self) -> None:
        """As after a power cut: nothing more is sent, nothing is answered."""
        self.silent = True

    async def talk(self) -> None:
        """A packet each 20 ms while the call is up: what is to be said, else silence."""
        loop = asyncio.get_running_loop()
        at, first = loop.time(), True
        while not self.over.is_set():
            if self._peer is not None and not self._keying:
                part = bytes(self._say[:160]).ljust(160, b"\xff")
                del self._say[:160]
                self._packet(0, part, self._stamp, mark=first)
                first = False
            self._stamp += 160
            at += 0.02
            await asyncio.sleep(max(0.0, at - loop.time()))

    def _packet(self, kind: int, body: bytes, stamp: int, *, mark: bool) -> None:
        if self._rtp is None or self._peer is None or self.silent:
            return
        self._number = (self._number + 1) & 0xFFFF
        head = struct.pack(
            "!BBHII", 128, kind | (128 if mark else 0), self._number, stamp & 0xFFFFFFFF, 7
        )
        self._rtp.sendto(head + body, self._peer)

    def take(self, packet: bytes) -> None:
        if packet[1] & 127 == 0:
            self._heard += packet[12:]
            self._came.set()

    def close(self) -> None:
        self.over.set()
        self.decided.set()
        if self._rtp is not None:
            self._rtp.close()


class _Media(asyncio.DatagramProtocol):
    def __init__(self, call: Call) -> None:
        self._call = call

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._call.take(data)


class Outside(asyncio.DatagramProtocol):
    """The other side of the PBX's trunk: everybody who calls from there."""

    def __init__(self, ip: str, port: int, server: tuple[str, int]) -> None:
        self.ip, self.port, self.server = ip, port, server
        self._calls: dict[str, Call] = {}

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self.ip, self.port)
        )

    def close(self) -> None:
        for call in self._calls.values():
            call.close()
        self._udp.close()

    async def call(
        self,
        number: str,
        group: asyncio.TaskGroup,
        *,
        caller: str = "+79161234567",
        name: str = "Ivan",
        wait: bool = True,
    ) -> Call:
        """Ring; with `wait` until it is answered or refused."""
        tag = f"{random.getrandbits(48):x}"
        call = Call(self, number, f"{tag}@out", tag, caller, name)
        call.branch = f"z9hG4bK{tag}"
        loop = asyncio.get_running_loop()
        call._rtp, _ = await loop.create_datagram_endpoint(
            lambda: _Media(call), local_addr=(self.ip, 0)
        )
        self._calls[call.id] = call
        port = call._rtp.get_extra_info("sockname")[1]
        self.send(call, "INVITE", 1, SDP.format(ip=self.ip, port=port))
        group.create_task(call.talk())
        if wait:
            async with asyncio.timeout(10):
                await call.decided.wait()
        return call

    def send(self, call: Call, method: str, number: int, body: str = "") -> None:
        if call.silent:
            return
        uri = f"sip:{call.number}@{self.server[0]}:{self.server[1]}"
        same = method in ("INVITE", "CANCEL")
        branch = call.branch if same else f"z9hG4bK{random.getrandbits(48):x}"
        content = "Content-Type: application/sdp\r\n" if body else ""
        text = (
            f"{method} {call.target or uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.ip}:{self.port};rport;branch={branch}\r\n"
            "Max-Forwards: 70\r\n"
            f'From: "{call.name}" <sip:{call.caller}@{self.ip}>;tag={call.tag}\r\n'
            f"To: {call.remote or f'<{uri}>'}\r\nCall-ID: {call.id}\r\n"
            f"CSeq: {number} {method}\r\nContact: <sip:out@{self.ip}:{self.port}>\r\n"
            f"{content}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._udp.sendto(text.encode(), self.server)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode("utf-8", "replace")
        call = self._calls.get(_header(text, "Call-ID"))
        if call is not None and call.silent:
            return
        if not text.startswith("SIP/2.0"):
            self._asked(text, call)
        elif call is not None:
            self._answered(text, call)

    def _asked(self, text: str, call: Call | None) -> None:
        method = text.split(" ", 1)[0]
        if method == "ACK":
            return
        vias = "".join(f"Via: {via}\r\n" for via in re.findall(r"(?im)^Via: (.*)\r$", text))
        same = "".join(
            f"{one}: {_header(text, one)}\r\n" for one in ("From", "To", "Call-ID", "CSeq")
        )
        self._udp.sendto(
            f"SIP/2.0 200 OK\r\n{vias}{same}Content-Length: 0\r\n\r\n".encode(), self.server
        )
        if method == "BYE" and call is not None:
            call.close()

    def _answered(self, text: str, call: Call) -> None:
        status, asked = int(text.split(" ", 2)[1]), _header(text, "CSeq").split()[1]
        if asked == "INVITE" and status >= 200:
            call.remote = _header(text, "To")
            call.status = status
            if status == 200:
                self._up(text, call)
            self.send(call, "ACK", 1)
        if status >= 300 or asked == "BYE":
            call.close()

    def _up(self, text: str, call: Call) -> None:
        contact = re.search(r"<(sip:[^>]+)>", _header(text, "Contact"))
        place, port = re.search(r"c=IN IP4 (\S+)", text), re.search(r"m=audio (\d+)", text)
        assert contact and place and port
        call.target = contact[1]
        call._peer = (place[1], int(port[1]))
        call.up.set()
        call.decided.set()


def _header(text: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}:\s*(.*?)\r?$", text)
    return found[1] if found else ""
