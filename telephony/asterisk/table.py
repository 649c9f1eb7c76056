"""Asterisk's call log in a PostgreSQL table (cdr_pgsql, cdr_odbc), read only."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from crm_core.kernel import clock
from telephony.asterisk.cdr import CdrRow, calls_of
from telephony.asterisk.config import Config
from telephony.asterisk.following import SETTLED, Unreadable, Watched
from telephony.contracts import Desk

CONNECT, PATIENCE = 10.0, 30.0
LIMIT = 2000
# Rows of one call are written one after the other, and by another clock.
OVERLAP = timedelta(minutes=1)
LONGEST = timedelta(days=1)
# What is older than the connection is nobody's business; so far back it is looked for at first.
FIRST_LOOK = timedelta(days=30)
NEEDED = frozenset(
    {
        *("src", "dst", "channel", "dstchannel", "lastapp"),
        *("duration", "billsec", "disposition", "uniqueid"),
    }
)
READ = """
SELECT * FROM (SELECT c.*, c.{start} AS pult_start, {ended} AS pult_end FROM {table} c
  WHERE c.{start} >= $3) AS found
WHERE pult_end BETWEEN $1 AND $2 ORDER BY pult_end, uniqueid LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which of the possible columns a table has."""

    names: frozenset[str]

    @property
    def start(self) -> str:
        """cdr_pgsql calls it calldate."""
        return "start" if "start" in self.names else "calldate"

    @property
    def ended(self) -> str:
        spoken = f"c.{quoted(self.start)} + c.duration * interval '1 second'"
        return f'coalesce(c."end", {spoken})' if "end" in self.names else spoken

    def lacking(self) -> list[str]:
        needed = NEEDED | ({self.start} - {"start"})
        return sorted(needed - self.names)


class TableReader:
    """Follows one table; `remember`ed: the end of the last call that was read."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def step(self, desk: Desk, watched: Watched) -> bool:
        """Read what is new and settled, tell it; whether there may be more. Raises Unreadable."""
        now = clock.now()
        known = ((await desk.memory()).get("table") or {}).get("until")
        until = datetime.fromisoformat(known) if known else now - FIRST_LOOK
        rows = await self._read(until - OVERLAP, now - SETTLED)
        calls = calls_of(rows, self._config.rules())
        await desk.reconcile([call for call in calls if not watched.holds(call.key)])
        last = max((row.ended_at for row in rows), default=until)
        if last > until or known is None:
            await desk.remember(table={"until": max(last, until).isoformat()})
        return len(rows) == LIMIT and last > until

    async def check(self) -> None:
        """Raises Unreadable with what is wrong."""
        async with self._connected() as link:
            await self._columns(link)

    async def _read(self, since: datetime, until: datetime) -> list[CdrRow]:
        async with self._connected() as link:
            columns = await self._columns(link)
            statement = READ.format(
                start=quoted(columns.start),
                ended=columns.ended,
                table=quoted(self._config.cdr_table),
                limit=LIMIT,
            )
            made = await link.prepare(statement)
            aware = made.get_parameters()[0].name == "timestamptz"
            bounds = (since, until, since - LONGEST)
            found = await made.fetch(*(one if aware else self._bare(one) for one in bounds))
        return [self._row(row) for row in found if row["uniqueid"]]

    async def _columns(self, link: asyncpg.Connection) -> Columns:
        made = await link.prepare(f"SELECT * FROM {quoted(self._config.cdr_table)} LIMIT 0")  # noqa: S608 - a name, quoted
        columns = Columns(frozenset(one.name for one in made.get_attributes()))
        if lacking := columns.lacking():
            message = f"{self._config.cdr_table} has no column {', '.join(lacking)}"
            raise Unreadable(message)
        return columns

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncpg.Connection]:
        try:
            link = await asyncpg.connect(
                self._config.cdr_dsn.get_secret_value(),
                timeout=CONNECT,
                command_timeout=PATIENCE,
                server_settings={"default_transaction_read_only": "on"},
            )
            try:
                yield link
            finally:
                await link.close(timeout=CONNECT)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Never the DSN itself: it holds a password.
            message = f"the table of calls can't be read: {type(error).__name__} {error}"
            raise Unreadable(message) from None

    def _row(self, row: Mapping[str, Any]) -> CdrRow:
        ended, talk = self._aware(row["pult_end"]), float(row["billsec"] or 0)
        answered = row.get("answer") or None
        if answered is None and row["disposition"] == "ANSWERED":
            answered = row["pult_end"] - timedelta(seconds=talk)
        text = {name: str(row.get(name) or "") for name in TEXTS}
        return CdrRow(
            unique=text["uniqueid"],
            linked=text["linkedid"],
            src=text["src"],
            dst=text["dst"],
            channel=text["channel"],
            partner=text["dstchannel"],
            application=text["lastapp"],
            disposition=text["disposition"],
            started_at=self._aware(row["pult_start"]),
            answered_at=self._aware(answered) if answered else None,
            ended_at=ended,
            talk=talk,
        )

    def _aware(self, moment: datetime) -> datetime:
        if moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=UTC) if self._config.cdr_utc else moment.astimezone()

    def _bare(self, moment: datetime) -> datetime:
        """As the table writes it."""
        local = moment.astimezone(UTC) if self._config.cdr_utc else moment.astimezone()
        return local.replace(tzinfo=None)


TEXTS = (
    *("uniqueid", "linkedid", "src", "dst", "channel", "dstchannel"),
    *("lastapp", "disposition"),
)


def quoted(name: str) -> str:
    """`public.cdr` -> `"public"."cdr"`; the settings let only such names through."""
    return ".".join(f'"{re.sub(chr(34), "", part)}"' for part in name.split("."))
