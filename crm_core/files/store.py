"""The content store: every file once, named by its SHA-256, in the data folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from crm_core.files.sniffing import sniff
from crm_core.kernel.errors import Invalid, Refused
from crm_core.kernel.i18n import N_

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept content: SHA-256 in hex, size in bytes, what its first bytes say it is."""

    sha: str
    size: int
    mime: str


class TooLarge(Invalid):
    """The content is above the limit (bytes)."""

    def __init__(self, limit: int) -> None:
        message = N_("The file is too large: the limit is %(limit)s MB.")
        super().__init__(message, limit=max(1, limit // 2**20))


class _Part:
    """A content being written aside; blocking, used from threads."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix="part-", dir=root)
        self._file = os.fdopen(number, "wb")
        self._path = Path(name)

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def keep(self, place: Path) -> None:
        """On disk for good, then visible under its name in one step."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        place.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(place)

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class FileStore:
    """Files under `<root>/ab/cd/<sha>`; written aside and renamed, so never half there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha: str) -> Path:
        return self._root / sha[:2] / sha[2:4] / sha

    async def put(self, chunks: AsyncIterator[bytes], *, limit: int) -> Stored:
        """Stream a content in; raises TooLarge above `limit` bytes and leaves nothing behind."""
        part = await asyncio.to_thread(_Part, self._root)
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)  # noqa: TRY301 - the cleanup below is the point
                digest.update(chunk)
                head = head if len(head) >= 512 else (head + chunk)[:512]
                await asyncio.to_thread(part.write, chunk)
            await asyncio.to_thread(part.keep, self.path(digest.hexdigest()))
        except BaseException:
            await asyncio.to_thread(part.discard)
            raise
        return Stored(digest.hexdigest(), size, sniff(head))

    async def put_bytes(self, content: bytes, *, limit: int = 2**31) -> Stored:
        async def once() -> AsyncIterator[bytes]:
            yield content

        return await self.put(once(), limit=limit)

    async def read(self, sha: str) -> AsyncIterator[bytes]:
        """Stream a content out; FileNotFoundError when it is not kept here."""
        source = await asyncio.to_thread(self.path(sha).open, "rb")
        try:
            while chunk := await asyncio.to_thread(source.read, CHUNK):
                yield chunk
        finally:
            await asyncio.to_thread(source.close)

    async def remove(self, sha: str) -> None:
        """Take a content away for good; nothing happens when it is not there."""
        await asyncio.to_thread(self.path(sha).unlink, missing_ok=True)


_store: FileStore | None = None


def use_store(root: Path) -> FileStore:
    """Take the folder of this process."""
    global _store  # noqa: PLW0603 - one data folder per process
    _store = FileStore(root)
    return _store


def store() -> FileStore:
    if _store is None:
        raise Refused("No data folder is set.")
    return _store
