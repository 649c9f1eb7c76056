"""The only importer of pyVoIP: the bot as an ordinary SIP extension that only answers.

pyVoIP 1.6.8 is repaired here by subclasses: 16-bit sound paced by the clock, lost packets as
silence, OPTIONS and CANCEL answered, transfer by REFER, ports given back. It works in threads; a
`PhoneLine` belongs to the event loop. Run it in a process of its own.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

with warnings.catch_warnings():
    # audioop is deprecated in 3.11; from 3.13 on the extra installs its successor.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

    import pyVoIP
    from pyVoIP.VoIP import VoIP  # first: pyVoIP.SIP alone imports itself in a circle
    from pyVoIP import RTP, SIP  # isort: skip
from pyVoIP.VoIP.status import PhoneStatus

from crm_core.kernel.errors import Refused
from telephony.voicebot.contract import Answering
from telephony.voicebot.dialplan import incoming_of
from telephony.voicebot.incoming import TICK, Incoming
from telephony.voicebot.jitter import SAMPLE, Sound
from telephony.voicebot.sip_line import LOST, PhoneLine

log = structlog.get_logger(__name__)

PACKET = 160 * SAMPLE
POLITE = ("OPTIONS", "NOTIFY", "INFO", "UPDATE", "MESSAGE")

pyVoIP.SIPCompatibleMethods += [one for one in POLITE if one not in pyVoIP.SIPCompatibleMethods]


class Media(RTP.RTPClient):
    """One stream of sound, both ways."""

    sin: Any = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.heard, self.spoken = Sound(), Sound()
        self.last = time.monotonic()
        self._event = -1

    def stop(self) -> None:
        self.NSD = False
        if self.sin is not None:
            self.sin.close()

    def parse_packet(self, packet: bytes) -> None:
        self.last = time.monotonic()
        super().parse_packet(packet)

    def parse_pcmu(self, packet: RTP.RTPMessage) -> None:
        self.heard.write(packet.timestamp, audioop.ulaw2lin(packet.payload, SAMPLE))

    def parse_pcma(self, packet: RTP.RTPMessage) -> None:
        self.heard.write(packet.timestamp, audioop.alaw2lin(packet.payload, SAMPLE))

    def parse_telephone_event(self, packet: RTP.RTPMessage) -> None:
        """A key pressed is many packets of one time stamp; the first of them may be lost."""
        if packet.timestamp != self._event and packet.payload[0] < 16 and self.dtmf is not None:
            self._event = packet.timestamp
            self.dtmf("0123456789*#ABCD"[packet.payload[0]])

    def trans(self) -> None:
        """A packet each 20 ms by the clock; a process that stood still does not burst."""
        number, stamp, at = self.outSequence, self.outTimestamp, time.monotonic()
        while self.NSD:
            packet = self._packet(number & 0xFFFF, stamp & 0xFFFFFFFF)
            with suppress(OSError):
                self.sout.sendto(packet, (self.outIP, self.outPort))
            number, stamp, at = number + 1, stamp + 160, at + TICK
            late = time.monotonic() - at
            if late > 0.2:
                at += late
            else:
                time.sleep(max(0.0, -late))

    def _packet(self, number: int, stamp: int) -> bytes:
        law = audioop.lin2alaw if self.preference == RTP.PayloadType.PCMA else audioop.lin2ulaw
        head = bytes((0x80, int(self.preference))) + number.to_bytes(2, "big")
        head += stamp.to_bytes(4, "big") + self.outSSRC.to_bytes(4, "big")
        return head + law(self.spoken.take(PACKET).ljust(PACKET, b"\0"), SAMPLE)


class Call(VoIP.VoIPCall):
    """A call at the bot; its media are ours and its ports are given back."""

    def create_rtp_clients(
        self,
        codecs: dict[int, RTP.PayloadType],
        ip: str,
        port: int,
        request: SIP.SIPMessage,
        baseport: int,
    ) -> None:
        self.assignedPorts[port] = codecs
        peer = request.body["c"][0]["address"]
        self.RTPClients.append(
            Media(codecs, ip, port, peer, baseport, self.sendmode, dtmf=self.dtmf_callback)
        )

    @property
    def media(self) -> Media | None:
        """None when the peer offered no sound we know."""
        first = self.RTPClients[0] if self.RTPClients else None
        return first if isinstance(first, Media) else None

    @property
    def over(self) -> bool:
        return bool(self.state == VoIP.CallState.ENDED)

    @property
    def talking(self) -> bool:
        return bool(self.state == VoIP.CallState.ANSWERED)

    @property
    def transferred(self) -> int:
        """The SIP status a transfer ended with; 0 while it is under way."""
        sip = self.sip
        return sip.referred.get(self.call_id, 0) if isinstance(sip, Signalling) else 0

    def pick_up(self) -> None:
        with suppress(VoIP.InvalidStateError):
            self.answer()

    def end(self) -> None:
        with suppress(VoIP.InvalidStateError, OSError):
            if self.state == VoIP.CallState.RINGING:
                self.deny()
            else:
                self.hangup()

    def refer(self, number: str) -> None:
        if isinstance(self.sip, Signalling):
            self.sip.refer(self.request, number)

    def forget(self) -> None:
        if isinstance(self.sip, Signalling):
            self.sip.referred.pop(self.call_id, None)

    def cancelled(self) -> None:
        """The caller has gone before the answer."""
        self.state = VoIP.CallState.ENDED
        for one in self.RTPClients:
            one.stop()
        self.phone.calls.pop(self.call_id, None)


class Signalling(SIP.SIPClient):
    """SIP as a PBX expects it of an extension."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.register_timeout = 5
        self.referred: dict[str, int] = {}  # Call-ID -> how a transfer ended, as a SIP status

    def start(self) -> None:
        """As the original, but calls are taken at once."""
        self.NSD = True
        self.out = self.s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.s.bind((self.myIP, self.myPort))
        self.register()
        threading.Thread(target=self.recv_loop, name="SIP", daemon=True).start()

    def recv_loop(self) -> None:
        # The socket is closed under it when the phone stops.
        with suppress(OSError, ValueError):
            super().recv_loop()

    def recv(self) -> None:
        """As the original, but a body that is no SDP does not cost the message."""
        raw = self.s.recv(8192)
        try:
            head, gap, body = raw.partition(b"\r\n\r\n")
            polite = raw.split(b" ", 1)[0].decode("ascii", "replace") in POLITE
            message = SIP.SIPMessage(head + gap if polite else raw)
            if body.startswith(b"SIP/2.0 ") and polite:
                self._transferred(message, int(body[8:11]))
            self.parse_message(message)
        except BlockingIOError:
            raise
        except Exception as error:  # noqa: BLE001 - nobody's packet may stop the phone
            log.info("voicebot_sip_packet_dropped", error=repr(error))

    def _transferred(self, message: SIP.SIPMessage, status: int) -> None:
        """How far a transfer got (RFC 3515); 100 is on its way."""
        if status >= 200 and status != 202:
            self.referred[message.headers["Call-ID"]] = status

    def tell(self, text: str) -> None:
        self.out.sendto(text.encode(), (self.server, self.port))

    def parse_message(self, message: SIP.SIPMessage) -> None:
        if message.type == SIP.SIPMessageType.MESSAGE and message.method in POLITE:
            self.tell(self.gen_ok(message))
        elif message.type == SIP.SIPMessageType.MESSAGE and message.method == "CANCEL":
            self._cancel(message)
        elif message.type == SIP.SIPMessageType.MESSAGE or int(message.status) == 200:
            super().parse_message(message)
        elif message.headers["CSeq"]["method"] == "REFER":
            self._transferred(message, int(message.status))

    def _cancel(self, message: SIP.SIPMessage) -> None:
        self.tell(self.gen_ok(message))
        call = self.phone.calls.get(message.headers["Call-ID"])
        if isinstance(call, Call) and call.state == VoIP.CallState.RINGING:
            busy = self.gen_busy(call.request)
            self.tell(busy.replace("486 Busy Here", "487 Request Terminated", 1))
            call.cancelled()

    def refer(self, request: SIP.SIPMessage, number: str) -> None:
        """Ask the PBX to send the caller to `number` (RFC 3515); a BYE may follow."""
        me = f"sip:{self.username}@{self.server}"
        via = f"Via: SIP/2.0/UDP {self.myIP}:{self.myPort};branch={self.gen_branch()};rport\r\n"
        # Its own branch: with the call's, a second try is taken for the first come again.
        bye = self.gen_bye(request).replace(self._gen_response_via_header(request), via)
        number_line, _, rest = bye.partition("\r\n")
        check = int(request.headers["CSeq"]["check"]) + 1
        text = f"REFER{number_line.removeprefix('BYE')}\r\n{rest}".replace(
            f"CSeq: {check} BYE\r\n",
            f"CSeq: {check} REFER\r\nRefer-To: <sip:{number}@{self.server}>\r\n"
            f"Referred-By: <{me}>\r\n",
        )
        request.headers["CSeq"]["check"] = str(check)
        self.referred.pop(request.headers["Call-ID"], None)
        self.tell(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The SIP account on the PBX, and where we stand: `local` address, ports for SIP and RTP."""

    server: str
    port: int
    user: str
    password: str
    local: str
    sip_port: int
    rtp_low: int
    rtp_high: int


class Phone(VoIP.VoIPPhone):
    """The registered extension; `ringing` is called in a thread that lasts as long as its call."""

    def __init__(self, account: Extension, ringing: Callable[[Call], None]) -> None:
        a = account
        super().__init__(a.server, a.port, a.user, a.password, a.local, None, a.sip_port)
        self.rtpPortLow, self.rtpPortHigh = a.rtp_low, a.rtp_high
        # A call that dies while ports are released releases its own.
        self.portsLock: Any = threading.RLock()
        self._ringing = ringing
        self.sip = Signalling(
            a.server,
            a.port,
            a.user,
            a.password,
            phone=self,
            myIP=a.local,
            myPort=a.sip_port,
            callCallback=self.callback,
            fatalCallback=self.fatal,
        )

    def _callback_MSG_Invite(self, request: SIP.SIPMessage) -> None:
        call_id = request.headers["Call-ID"]
        if (known := self.calls.get(call_id)) is not None:
            if known.state != VoIP.CallState.RINGING:
                known.renegotiate(request)
            return
        call = Call(
            self,
            VoIP.CallState.RINGING,
            request,
            len(self.session_ids) + 1,
            self.myIP,
            sendmode=self.recvmode,
        )
        self.session_ids.append(0)
        self.calls[call_id] = call
        self.sip.out.sendto(self.sip.gen_ringing(request).encode(), (self.server, self.port))
        thread = threading.Thread(target=self._ringing, args=(call,), name="call", daemon=True)
        thread.start()
        self._remember(thread, call_id)

    def _remember(self, thread: Any, call_id: str) -> None:
        """Any thread will do: it is only asked whether it lives."""
        self.threads.append(thread)
        self.threadLookup[thread] = call_id


def incoming(call: Call) -> Incoming:
    """Who calls; our snippet for Asterisk tells reason and Uniqueid in headers of its own."""
    headers = call.request.headers
    told = {
        "caller": headers["From"]["number"] or "",
        "name": headers["From"]["caller"].strip(' "'),
        "did": headers.get("X-Pult-Did", ""),
        "reason": headers.get("X-Pult-Reason", ""),
        "ref": headers.get("X-Pult-Call", ""),
    }
    return incoming_of(call.call_id, told)


class PyVoip:
    """The transport: one registered extension, until its registration fails for good."""

    def __init__(self, account: Extension, lost: float = LOST) -> None:
        """`lost`: seconds without a packet after which a peer is gone."""
        self._account, self._lost = account, lost
        self.ready = asyncio.Event()

    async def serve(self, answering: Answering) -> None:
        phone: Phone | None = None
        try:
            async with asyncio.TaskGroup() as calls:
                phone = Phone(self._account, _bridge(answering, calls, self._lost))
                await asyncio.to_thread(phone.start)
                await self._watch(phone)
        finally:
            # Only now: callers are sent on while the telephone still works.
            self.ready.clear()
            if phone is not None:
                await asyncio.to_thread(_stop, phone)

    async def _watch(self, phone: Phone) -> None:
        account, said = self._account, None
        while (status := phone.get_status()) != PhoneStatus.FAILED:
            if status != said:
                log.info("voicebot_sip_status", status=status.value, user=account.user)
                said = status
            if status == PhoneStatus.REGISTERED:
                self.ready.set()
            await asyncio.sleep(0.2)
        message = "The PBX at %(server)s does not answer, or refuses extension %(user)s."
        raise Refused(message, server=f"{account.server}:{account.port}", user=account.user)


def _bridge(answering: Answering, calls: asyncio.TaskGroup, lost: float) -> Callable[[Call], None]:
    """What pyVoIP calls in a thread for every call; it forgets a call whose thread has ended."""
    loop = asyncio.get_running_loop()

    def ringing(call: Call) -> None:
        over = threading.Event()

        def begin() -> None:
            calls.create_task(_talk(call, answering, over, lost))

        loop.call_soon_threadsafe(begin)
        over.wait()

    return ringing


def _stop(phone: Phone) -> None:
    with suppress(OSError, AttributeError):
        phone.stop()


async def _talk(call: Call, answering: Answering, over: threading.Event, lost: float) -> None:
    media = call.media
    try:
        if media is None:
            call.end()
            return
        line = PhoneLine(incoming(call), call, media, lost)
        try:
            await answering(line)
        finally:
            await line.hang_up()
    finally:
        call.forget()
        over.set()
