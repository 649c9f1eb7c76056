"""`pult restore`: database and files from one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.backup import restore
from app.cli.shared import prepared
from app.database import located


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace a database that isn't empty")


async def run(options: argparse.Namespace) -> None:
    settings = prepared(level="error")
    async with located(settings, own=True) as database:
        await restore(
            database.dsn,
            settings.files_dir,
            options.file,
            bin_dir=settings.pg_bin,
            force=options.force,
        )
    print(f"Restored from {options.file}.")
