"""Section mail: the first import of a large mailbox, against fetching and parsing it alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from imap_tools import MailBoxUnencrypted

from bench import seed
from bench.figures import Figure
from bench.ground import Ground
from bench.hub import HOST, Hub
from bench.letters import letter
from bench.site import SECRET_KEY
from crm_core.accounts import commands as accounts
from crm_core.kernel import secrets
from crm_core.kernel.actors import SYSTEM
from crm_core.staff import commands as staff
from sandbox.dovecot import Dovecot, Maildir, available

ADDRESS, PASSWORD = "sales@shop.test", "secret"
RATE, SHARE, MINUTES, GROWTH = 200.0, 0.5, 10.0, 30.0
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many mails lie in the box, and how many of them the floor looks at."""

    mails: int = 50_000
    floor: int = 4000


@dataclass(frozen=True, slots=True)
class Pace:
    """Mails a second, and CPU milliseconds each of them took."""

    rate: float
    cpu: float


@dataclass(slots=True)
class Course:
    """How an import went: seconds it took, CPU seconds of the hub, MB at its tenth and at its
    end, seconds until a mail that came meanwhile was there."""

    took: float = 0.0
    cpu: float = 0.0
    begun_with: float = 0.0
    ended_with: float = 0.0
    fresh: float = 0.0
    peaks: list[float] = field(default_factory=list)


async def measure(ground: Ground, size: Size, say: Callable[[str], None]) -> list[Figure]:
    """Nothing on a machine without Dovecot."""
    if not available():
        say("no Dovecot on this machine: apt install dovecot-imapd dovecot-pop3d")
        return []
    dsn = await ground.database("mail")
    with _dovecot(ground.sub("dovecot")) as (server, box):
        say(f"writing {size.mails:,} mails …")
        await asyncio.to_thread(_fill, box, size.mails)
        floor = await asyncio.to_thread(_floor, server.ports["imap"], min(size.floor, size.mails))
        async with _hub(ground.sub("mailhub"), dsn, server.ports["imap"]) as (hub, connection):
            course = await _import(hub, connection, box, size.mails)
    return _figures(course, floor, size)


@contextmanager
def _dovecot(folder: Path) -> Iterator[tuple[Dovecot, Maildir]]:
    folder.chmod(0o711)
    server = Dovecot(root=folder, users={ADDRESS: PASSWORD})
    server.start()
    try:
        yield server, server.box(ADDRESS)
    finally:
        server.stop()


def _fill(box: Maildir, count: int) -> None:
    for number in range(1, count + 1):
        box.deliver(letter(number, ADDRESS, BEGINNING))


def _floor(port: int, count: int) -> Pace:
    """Mails that are fetched and parsed, in this process."""
    begun, spent, done = time.perf_counter(), time.process_time(), 0
    with MailBoxUnencrypted(HOST, port).login(ADDRESS, PASSWORD) as box:
        for one in box.fetch(limit=count, bulk=50, mark_seen=False):
            done += bool(one.subject and (one.text or one.html) and one.from_ and one.attachments)
            done += not one.attachments
    cpu = 1000 * (time.process_time() - spent) / count
    return Pace(count / (time.perf_counter() - begun), cpu)


@asynccontextmanager
async def _hub(folder: Path, dsn: str, port: int) -> AsyncIterator[tuple[Hub, asyncpg.Connection]]:
    """A hub that begins to collect the mailbox."""
    await _mailbox(dsn, port)
    data = {"PULT_DATABASE_URL": dsn, "PULT_DATA_DIR": str(folder), "PULT_SECRET_KEY": SECRET_KEY}
    hub = Hub(folder, data)
    connection = await asyncpg.connect(dsn)
    await hub.start("web", "worker")
    try:
        yield hub, connection
    finally:
        await hub.stop()
        await connection.close()


async def _mailbox(dsn: str, port: int) -> None:
    secrets.use_key(SECRET_KEY)
    config = {
        "address": ADDRESS,
        "password": PASSWORD,
        "incoming_host": HOST,
        "incoming_port": port,
        "incoming_security": "none",
        "smtp_host": HOST,
        "since": "2000-01-01",
    }
    async with seed.kernel(dsn):
        await staff.save_queue(SYSTEM, name="Почта", strategy="least_loaded")
        settings = accounts.Settings(config=config, secret_fields=["password"])
        await accounts.add(SYSTEM, kind="email", name="Почта", settings=settings)


async def _import(hub: Hub, connection: asyncpg.Connection, box: Maildir, mails: int) -> Course:
    """Until all of them, and one that comes half way, are messages."""
    course, begun, asked, spent = Course(), time.perf_counter(), 0.0, hub.cpu
    while (count := int(await connection.fetchval(COUNT))) < mails + bool(asked):
        now = time.perf_counter()
        if now - begun > PATIENCE:
            raise TimeoutError(f"{count} of {mails} mails were collected")
        if count >= mails / 10:
            course.begun_with = course.begun_with or hub.memory or 0.0
            course.peaks.append(hub.memory or 0.0)
        if not asked and count >= mails / 2:
            asked = now
            await asyncio.to_thread(box.deliver, letter(mails + 1, ADDRESS, BEGINNING))
        if asked and not course.fresh and await connection.fetchval(FRESH, f"{mails + 1}.bench@%"):
            course.fresh = now - asked
        await asyncio.sleep(0.25)
    course.took = time.perf_counter() - begun
    course.cpu = hub.cpu - spent
    course.fresh = course.fresh or course.took
    course.ended_with = hub.memory or 0.0
    return course


COUNT = "SELECT count(*) FROM message_ref"
FRESH = "SELECT 1 FROM message_ref WHERE external_id LIKE $1"


def _figures(course: Course, floor: Pace, size: Size) -> list[Figure]:
    rate = size.mails / course.took
    whole = size.mails == Size().mails
    note = "floor: imap-tools fetch and the standard parser, nothing kept"
    return [
        _figure("floor: fetched and parsed", floor.rate, "/s", more=True, note=note),
        _figure("collected, parsed, stored, routed", rate, "/s", goal=RATE, more=True),
        _figure("against the floor", rate / floor.rate, "x", goal=SHARE, more=True),
        _figure("CPU of a mail, floor", floor.cpu, "ms"),
        _figure("CPU of a mail, Pult", 1000 * course.cpu / size.mails, "ms"),
        _figure(
            f"first import of {size.mails:,} mails",
            course.took / 60,
            "min",
            goal=MINUTES if whole else None,
        ),
        _figure("a new mail meanwhile", course.fresh, "s", goal=60.0),
        _figure("memory at a tenth of it", course.begun_with, "MB"),
        _figure("memory at its end", course.ended_with, "MB"),
        _figure(
            "most above a tenth of it",
            max(0.1, max(course.peaks, default=0.0) - course.begun_with),
            "MB",
            goal=GROWTH,
        ),
    ]


def _figure(what: str, value: float, unit: str, **rest: object) -> Figure:
    return Figure(section="mail", what=what, values=(value,), unit=unit, **rest)  # type: ignore[arg-type]  # goal, more, note by name
