"""A running Asterisk, the world outside it, and both ways a bot can be reached from it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from assistant.speech.recogniser import Models
from sandbox.asterisk.box import PASSWORD
from telephony.voicebot import building, snippet
from telephony.voicebot.config import AudioSocketConfig, Common, SipConfig
from telephony.voicebot.contract import Answering, Line, Transport
from tests.telephony.voicebot.caller import Outside
from tests.telephony.voicebot.pbx import Pbx, made

PEOPLE = "601"  # answers, and hums at 1004 Hz
HUM = 1004
KEY = "a-key-for-tests"
TINY = Path(__file__).resolve().parents[2] / "assistant" / "speech" / "vosk-tiny"
NUMBERS = {"audiosocket": "74950051", "sip": "74950052"}


@pytest.fixture(scope="session")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """Asterisk with the bots' dialplan as `pult voicebot dialplan` prints it."""
    pbx = made(tmp_path_factory.mktemp("pbx"))
    address = f"127.0.0.1:{pbx.port('BOT')}"
    pbx.start(
        snippet.audiosocket(1, "one", address=address, key=KEY, people=PEOPLE)
        + snippet.sip(2, "two", user="200", people=PEOPLE)
        + "[from-trunk](+)\n"
        f"exten => {NUMBERS['audiosocket']},1,Goto(pult-voicebot-1,busy,1)\n"
        f"exten => {NUMBERS['sip']},1,Goto(pult-voicebot-2,closed,1)\n"
    )
    yield pbx
    pbx.wipe()


@pytest_asyncio.fixture(loop_scope="session")
async def outside(pbx: Pbx) -> AsyncIterator[Outside]:
    outside = Outside("127.0.0.2", pbx.port("TRUNK"), ("127.0.0.1", pbx.port("SIP")))
    await outside.open()
    yield outside
    outside.close()


@pytest.fixture(scope="session")
def models() -> Models:
    return Models({"ru": TINY / "ru", "en": TINY / "en"})


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Carrier:
    """One way to reach a bot: the number to dial, and what a bot's row would hold."""

    kind: str
    config: Common
    lines: asyncio.Queue[Line] = field(default_factory=asyncio.Queue)

    @property
    def number(self) -> str:
        return NUMBERS[self.kind]

    @asynccontextmanager
    async def serving(
        self, answering: Answering, transport: Transport | None = None
    ) -> AsyncIterator[asyncio.TaskGroup]:
        """Calls come to `answering` inside; the group is for what the test runs beside."""
        transport = transport or building.transport(self.config)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(transport.serve(answering))
            async with asyncio.timeout(15):
                await transport.ready.wait()
            yield group
            serving.cancel()


@pytest.fixture(params=["audiosocket", "sip"])
def carrier(request: pytest.FixtureRequest, pbx: Pbx) -> Carrier:
    return carrier_of(request.param, pbx)


def carrier_of(kind: str, pbx: Pbx) -> Carrier:
    common = {"company": "Ромашка", "person": PEOPLE}
    if kind == "audiosocket":
        return Carrier(kind, AudioSocketConfig(port=pbx.port("BOT"), key=KEY, **common))
    low = free_port() // 2 * 2
    return Carrier(
        kind,
        SipConfig(
            server="127.0.0.1",
            port=pbx.port("SIP"),
            user="200",
            password=PASSWORD,
            local="127.0.0.1",
            sip_port=free_port(),
            rtp_low=min(low, 64000),
            rtp_high=min(low, 64000) + 200,
            **common,
        ),
    )
