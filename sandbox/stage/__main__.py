"""`python -m sandbox.stage [port]`: the stage alone with two rehearsing bots."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress

from aiohttp import web

from sandbox.botapi import Server, World
from sandbox.guard import SandboxRefusal, refuse_real_tokens
from sandbox.stage.rehearsal import Rehearsal
from sandbox.stage.routes import mount


async def serve(port: int) -> None:
    """Serve on loopback until interrupted."""
    world = World()
    rehearsal = Rehearsal(world)
    app = web.Application()
    mount(app, world, config=rehearsal.populate())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(f"The stage: http://127.0.0.1:{port}/\n")
    try:
        async with Server(world) as base_url:
            await rehearsal.run(base_url)
    finally:
        await runner.cleanup()


def main() -> int:
    try:
        refuse_real_tokens(os.environ)
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8090))
    except SandboxRefusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
