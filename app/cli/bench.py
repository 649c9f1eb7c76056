"""`pult bench`: measure this machine against goals and floors taken in the same run."""

from __future__ import annotations

import argparse
import sys

from app import logging
from app.lean import import_aiogram
from crm_core.kernel.errors import Invalid


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", default="", metavar="a,b,…", help="sections (default: all)")
    parser.add_argument(
        "--clients", type=int, default=1_000_000, metavar="N", help="in the large base"
    )
    parser.add_argument(
        "--messages", type=int, default=5_000_000, metavar="N", help="in the large base"
    )
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S", help="per measurement")


async def run(options: argparse.Namespace) -> int:
    if min(options.clients, options.messages) < 1 or options.seconds <= 0:
        raise Invalid("--clients, --messages and --seconds must be above zero.")
    logging.configure("error")
    import_aiogram()
    from bench import intake, volume  # noqa: PLC0415 - the sandbox, only in a bench
    from bench.run import SECTIONS, Plan, measure  # noqa: PLC0415

    plan = Plan(
        sections=_sections(options.only, SECTIONS),
        effort=intake.Effort(seconds=options.seconds),
        volume=volume.Volume(clients=options.clients, messages=options.messages),
    )
    found = await measure(plan, lambda line: print(line, file=sys.stderr, flush=True))
    print(found.json() if options.json else found.text())
    return 0


def _sections(only: str, known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {one.strip() for one in only.split(",") if one.strip()}
    if wrong := sorted(wanted - set(known)):
        raise Invalid(
            "There is no section %(name)s. Known: %(known)s.", name=wrong[0], known=", ".join(known)
        )
    return tuple(one for one in known if not wanted or one in wanted)
