"""`pult migrate`: the schema brought up to date (or to a named step)."""

from __future__ import annotations

import argparse

from app.cli.shared import opened
from crm_core.kernel import schema


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say what is missing")


async def run(options: argparse.Namespace) -> int:
    async with opened(migrated=False):
        missing = await schema.missing()
        if options.check:
            print("\n".join(missing) or "The schema is up to date.")
            return 1 if missing else 0
        done = await schema.migrate()
    print(f"Applied: {', '.join(done)}." if done else "The schema is up to date.")
    return 0
