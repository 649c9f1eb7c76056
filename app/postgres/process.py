"""One server process: spawned without our rights, awaited until ready, ended fast."""

import asyncio
import contextlib
import signal

from app.postgres.binaries import Binaries
from app.postgres.cluster import failure, private_environment
from app.postgres.home import Home
from app.postgres.orphans import read_pid_file
from app.postgres.owner import Owner

_RECOVERY_PATIENCE = 600.0  # seconds: replaying the log after a crash may take minutes
_STEP = 0.01
# A fast shutdown, an immediate one, and the end; with the seconds each may take.
_ORDERS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


async def spawn(home: Home, binaries: Binaries, owner: Owner) -> asyncio.subprocess.Process:
    """Start the server as our child; what it says before its log opens goes to start.log."""
    with (home.path / "start.log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            binaries.program("postgres"),
            *("-D", str(home.data), "-c", f"config_file={home.config}"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=private_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is for us; the server is stopped last
            **owner.spawn(),
        )


async def wait_ready(home: Home, process: asyncio.subprocess.Process) -> None:
    """Wait until the server takes connections; refuse with its own words when it ends instead."""
    async with asyncio.timeout(_RECOVERY_PATIENCE):
        while True:
            if process.returncode is not None:
                raise failure(home, (home.path / "start.log").read_text(errors="replace"))
            found = read_pid_file(home.data)
            if found and found.ready and found.pid == process.pid:
                return
            await asyncio.sleep(_STEP)


async def end(process: asyncio.subprocess.Process) -> None:
    """Shut the server down, harder and harder; an impatient caller leaves at the second step."""
    try:
        for order, patience in _ORDERS:
            with contextlib.suppress(ProcessLookupError, TimeoutError):
                process.send_signal(order)
                async with asyncio.timeout(patience):
                    await process.wait()
            if process.returncode is not None:
                return
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGQUIT)
        raise
