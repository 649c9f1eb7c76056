"""A process of its own that starts the embedded server: `python -m tests.app.postgres_scenario`.

`--as UID` drops every right first, as a service manager would; `--hold` keeps the server running
until standard input closes. Prints one line of JSON.
"""

import argparse
import asyncio
import encodings.idna  # noqa: F401 - nothing may be left to import once the rights are gone
import json
import os
import sys
from pathlib import Path

import asyncpg

from app.postgres import EmbeddedPostgres, PostgresRefused


async def scenario(folder: Path, programs: Path | None, *, hold: bool) -> dict[str, object]:
    """Start, look around, (wait), stop."""
    async with EmbeddedPostgres(folder, bin_dir=programs) as server:
        conn = await asyncpg.connect(server.dsn)
        try:
            await conn.execute("create table if not exists seen (text text)")
            await conn.execute("insert into seen values ('Ёлка')")
            rows = await conn.fetchval("select count(*) from seen where text ilike 'ёлк%'")
        finally:
            await conn.close()
        assert server.pid is not None
        found = {"dsn": server.dsn, "pid": server.pid, "uid": user_of(server.pid), "rows": rows}
        if hold:
            say(found)
            await asyncio.to_thread(sys.stdin.read)
    return found


def user_of(pid: int) -> int:
    """The user number a process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid


def say(found: dict[str, object]) -> None:
    """One line of JSON, at once."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Parse, drop, run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="uid", type=int)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--hold", action="store_true")
    args = parser.parse_args()
    if args.uid:
        os.setgroups([])
        os.setgid(args.uid)
        os.setuid(args.uid)
    try:
        found = asyncio.run(scenario(args.folder, args.programs, hold=args.hold))
    except PostgresRefused as refused:
        found = {"refused": str(refused)}
    if not args.hold or "refused" in found:
        say(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
