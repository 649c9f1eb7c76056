"""`python -m app` (behind ./pult): finds the command, prints refusals as one line."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal
import sys
from types import ModuleType

COMMANDS = {
    "demo": "a whole company in your browser: clients, managers, a shop with the widget",
    "run": "work: all roles in one process, or one role of several",
    "test": "run the project's tests",
    "migrate": "bring the database schema up to date",
    "user": "employees: add, list, invite, remove, API tokens",
    "voicebot": "bots that answer the telephone: add, list, check, dialplan, on, off, remove",
    "channel": "client channels: add, list, check, on, off, remove",
    "form": "forms of sites that come by mail: save, try, list, remove",
    "pbx": "telephone systems: add, list, check, set-up, on, off, remove",
    "export": "messages or clients as CSV or JSON lines",
    "backup": "everything into one file",
    "restore": "everything from one file",
    "replay": "try again what failed: inbound events, handlers",
    "doctor": "check this installation and say what is wrong",
    "bench": "measure this machine against floors taken in the same run",
}


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {line}" for name, line in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="pult",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Pult: clients of all channels in one place, answered from Telegram.",
        epilog=f"commands:\n{listing}\n\n`pult COMMAND --help` tells more.",
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="see below")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"app.cli.{name}")


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    args = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if args.command == "test":
        from app.testing import run_tests  # noqa: PLC0415 - needs none of Pult

        return run_tests(args.rest)
    command = _module(args.command)
    parser = argparse.ArgumentParser(
        prog=f"pult {args.command}", description=COMMANDS[args.command].capitalize() + "."
    )
    command.arguments(parser)
    return _guarded(command, parser.parse_args(args.rest))


def _guarded(command: ModuleType, options: argparse.Namespace) -> int:
    """A user's mistake is one line on standard error and status 1, never a traceback."""
    from pydantic import ValidationError  # noqa: PLC0415 - keeps --help quick

    from crm_core.accounts.validating import fault_of  # noqa: PLC0415
    from crm_core.kernel.errors import CrmError  # noqa: PLC0415

    # Told to end before it could take care of that itself, it cleans up as after Ctrl+C. A
    # script that starts it in the background leaves SIGINT ignored: then that would do nothing.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        return asyncio.run(command.run(options)) or 0
    except CrmError as error:
        return _refused(str(error))
    except ValidationError as error:
        return _refused("{}: {}.".format(*fault_of(error)))
    except OSError as error:
        if error.filename is None:
            raise
        return _refused(f"{error.filename}: {error.strerror}.")
    except KeyboardInterrupt:
        return 130


def _refused(line: str) -> int:
    sys.stderr.write(f"pult: {line}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
