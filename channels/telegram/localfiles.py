"""Files that a self-hosted Bot API server in `--local` mode has already put on our disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from routing.contracts import Rejected

CHUNK = 256 * 1024


async def read_local(folder: Path, path: str) -> AsyncIterator[bytes]:
    """Chunks of a file; raises Rejected when it lies outside the folder the admin named."""
    target = await asyncio.to_thread(_resolve, folder, path)
    file = await asyncio.to_thread(target.open, "rb")
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        await asyncio.to_thread(file.close)


def _resolve(folder: Path, path: str) -> Path:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise Rejected("The Bot API server names a file outside the folder local_files.")
    if not target.is_file():
        raise Rejected("The Bot API server names a file that is not in the folder local_files.")
    return target
