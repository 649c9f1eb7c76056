"""`pult export`: messages, clients or requests as CSV or JSON lines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.shared import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("messages", "clients", "requests"))
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--out", type=Path, help="default: standard output")


async def run(options: argparse.Namespace) -> None:
    from app.exporting import export  # noqa: PLC0415 - heavy

    async with opened():
        if options.out is None:
            await export(options.what, options.format, sys.stdout.buffer)
            return
        with options.out.open("wb") as target:
            count = await export(options.what, options.format, target)
    print(f"{count} rows are in {options.out}.")
