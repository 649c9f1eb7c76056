"""An Asterisk that lives as long as whoever started it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.asterisk.box import Box

PATIENCE = 20.0
LOOK = 0.1


@asynccontextmanager
async def standing(box: Box) -> AsyncIterator[None]:
    """Runs inside; it also ends when this process is killed."""
    process = await asyncio.create_subprocess_exec(
        *box.command("run", str(box.folder)),
        env=box.surroundings(AST_TIED="1"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        # Ctrl+C is for us: we hang up first, then end it.
        start_new_session=True,
    )
    try:
        await _booted(box, process)
        yield
    finally:
        await asyncio.to_thread(box.stop)
        await process.wait()


async def _booted(box: Box, process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while process.returncode is None:
                if await asyncio.to_thread(_answers, box):
                    return
                await asyncio.sleep(LOOK)
    except TimeoutError:
        pass
    message = "the private Asterisk did not start"
    raise RuntimeError(message)


def _answers(box: Box) -> bool:
    try:
        return "fully booted" in box.console("core waitfullybooted")
    except AssertionError:
        return False
