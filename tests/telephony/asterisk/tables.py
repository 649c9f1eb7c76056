"""A table of calls as cdr_pgsql writes it, beside Pult's own tables."""

from __future__ import annotations

from datetime import datetime

from crm_core.kernel import db
from telephony.asterisk.config import Config
from telephony.asterisk.parse import AmiEvent

# The table of Asterisk's own documentation.
PLAIN = """
CREATE TABLE cdr (calldate timestamp NOT NULL, clid varchar(80) NOT NULL DEFAULT '',
  src varchar(80), dst varchar(80), dcontext varchar(80), channel varchar(80),
  dstchannel varchar(80), lastapp varchar(80), lastdata varchar(80), duration bigint,
  billsec bigint, disposition varchar(45), amaflags bigint, accountcode varchar(20),
  uniqueid varchar(150), userfield varchar(255))
"""
FILL = """
INSERT INTO cdr (calldate, src, dst, channel, dstchannel, lastapp, duration, billsec, disposition,
  uniqueid)
SELECT * FROM unnest($1::timestamp[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
  $7::bigint[], $8::bigint[], $9::text[], $10::text[])
"""
NAMES = (
    *("Source", "Destination", "Channel", "DestinationChannel", "LastApplication"),
    *("Duration", "BillableSeconds", "Disposition", "UniqueID"),
)


def config(dsn: str, **more: object) -> Config:
    return Config.model_validate({"host": "pbx", "secret": "x", "cdr_dsn": dsn, **more})


async def fill(rows: list[AmiEvent]) -> None:
    """Rows by the events in which Asterisk tells of them."""
    starts = [datetime.fromisoformat(row["StartTime"]) for row in rows]
    columns = [[row.get(name, "") for row in rows] for name in NAMES]
    for at in (5, 6):
        columns[at] = [int(one or 0) for one in columns[at]]  # type: ignore[misc]
    await db.execute(FILL, starts, *columns)
