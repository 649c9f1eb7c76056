"""Section g: telephony: AMI events against panoramisk's own parsing, and whom a call rings."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

from panoramisk.message import Message

from bench import seed
from bench.figures import Figure, percentile
from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.kernel import secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.staff import commands as staff
from telephony.asterisk.learning import WANTED
from telephony.asterisk.parse import name_of, parse, split
from telephony.asterisk.tracker import Tracker
from telephony.contracts import Opening, Question
from telephony.desk import PbxDesk

RECORDED = Path(__file__).parents[1] / "tests" / "telephony" / "recordings"
IDS = re.compile(r"\b(?:pbx-\d+\.\d+|c2c-\d+|spy-1)\b")
CHANNEL = re.compile(r"-[0-9a-f]{2}([0-9a-f]{6})(?![0-9a-f])")
STAMP = re.compile(r"(?<=Timestamp: )\d+\.\d+")
COPIES, BATCH, QUESTIONS, PHONES = 8, 500, 300, 40
Blocks = list[str]


async def measure(dsn: str, clients: int, rounds: int) -> list[Figure]:
    """Events from the wire to the rows, and routing decisions in a base of so many clients."""
    secrets.use_key("a key for the bench only")
    async with seed.kernel(dsn):
        stored = Settings(config={})
        pbx_id = await connecting.add(SYSTEM, kind="webhook", name="bench", settings=stored)
        desk = PbxDesk(pbx_id)
        await _staff()
        floors, rates, took = [], [], []
        for number in range(rounds):
            blocks = _blocks(number)
            floors.append(_floor(blocks))
            rates.append(await _rate(blocks, desk))
            took.append(await _decisions(desk, clients, number))
    ratios = [ours / below for ours, below in zip(rates, floors, strict=True)]
    note = "37 recorded scenarios, as Asterisk sends them; the floor only makes Message objects"
    return [
        _figure("floor: panoramisk's own parsing", floors, unit="/s", more=True),
        _figure("AMI events to stored calls", rates, unit="/s", more=True, goal=2000.0, note=note),
        _figure("against the floor", ratios, unit="x", more=True, goal=0.5),
        _figure(
            f"whom to ring among {clients:,} clients, p99",
            [1000 * percentile(one, 0.99) for one in took],
            unit="ms",
            goal=30.0,
        ),
    ]


async def _staff() -> None:
    """People on shift with phones, in the default queue."""
    await staff.save_queue(SYSTEM, name="Звонки")
    for number in range(PHONES):
        details = staff.Details(extension=str(8000 + number))
        employee = await staff.add(SYSTEM, name=f"Оператор {number}", details=details)
        await staff.change_presence(employee, "on")


def _figure(what: str, values: list[float], *, unit: str, **rest: object) -> Figure:
    return Figure(section="g", what=what, values=tuple(values), unit=unit, **rest)  # type: ignore[arg-type]


def _blocks(number: int) -> Blocks:
    """Events of all recordings, several times, each time under other names and hours later."""
    texts = [path.read_bytes().decode() for path in sorted(RECORDED.glob("*.txt"))]
    found: Blocks = []
    for copy in range(1 + number * COPIES, 1 + (number + 1) * COPIES):
        for text in texts:
            found += [one for one in split(_copied(text, copy))[0] if one.startswith("Event: ")]
    return found


def _copied(text: str, copy: int) -> str:
    text = IDS.sub(rf"\g<0>x{copy}", text)
    text = CHANNEL.sub(rf"-{copy % 256:02x}\1", text)
    return STAMP.sub(lambda found: f"{float(found[0]) + copy * 3600:.6f}", text)


def _floor(blocks: Blocks) -> float:
    begun = time.perf_counter()
    for block in blocks:
        Message.from_line(block)
    return len(blocks) / (time.perf_counter() - begun)


async def _rate(blocks: Blocks, desk: PbxDesk) -> float:
    """Events a second: sorted out, parsed, tracked; calls stored as they change."""
    tracker, begun = Tracker(), time.perf_counter()
    for count, block in enumerate(blocks, 1):
        if name_of(block) in WANTED:
            tracker.feed(parse(block), 0.0)
        if count % BATCH == 0:
            await desk.record(tracker.changed())
    await desk.record(tracker.changed())
    return len(blocks) / (time.perf_counter() - begun)


async def _decisions(desk: PbxDesk, clients: int, number: int) -> list[float]:
    chance, took = random.Random(number), []
    for one in range(QUESTIONS):
        digits = f"{chance.randint(1, clients) * 7919 % 1_000_000_000:09}"  # as generated
        caller = f"+79{digits}"
        question = Question(key=f"bench-{number}-{one}", caller=caller)
        begun = time.perf_counter()
        await desk.decide(question, Opening())
        took.append(time.perf_counter() - begun)
    return took
