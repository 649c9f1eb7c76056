"""`pult backup`: database and files into one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.backup import backup
from app.cli.shared import prepared
from app.database import located
from crm_core.kernel import clock


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="default: pult-<date>.backup")


async def run(options: argparse.Namespace) -> None:
    settings = prepared(level="error")
    target = options.file or Path(f"pult-{clock.now():%Y%m%d-%H%M%S}.backup")
    async with located(settings) as database:
        await backup(database.dsn, settings.files_dir, target, bin_dir=settings.pg_bin)
    print(f"Everything is in {target} ({target.stat().st_size / 2**20:.1f} MB).")
    print("The secret key is not: keep secret.key of the data folder (or PULT_SECRET_KEY) apart.")
