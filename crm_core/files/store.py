"""The content store: every file once, named by its SHA-256, in the data folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
    """A content being written aside; blocking, used from threads.

    Whoever waits for a step may be cancelled while its thread goes on: `discard` comes after it,
    and nothing comes after `discard`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._turn = threading.Lock()
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._over = False

    def write(self, chunk: bytes) -> None:
        with self._turn:
            self._opened().write(chunk)

    def keep(self, place: Path) -> None:
        """On disk for good, then visible under its name in one step."""
        with self._turn:
            file = self._opened()
            file.flush()
            os.fsync(file.fileno())
            file.close()
            place.parent.mkdir(parents=True, exist_ok=True)
            assert self._path is not None  # noqa: S101 - opened above
            self._path.replace(place)

    def discard(self) -> None:
        with self._turn:
            self._over = True
            if self._file is not None and self._path is not None:
                self._file.close()
                self._path.unlink(missing_ok=True)

    def _opened(self) -> BinaryIO:
        if self._over:
            message = "the content was given up"
            raise OSError(message)
        if self._file is None:
            self._root.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(prefix="part-", dir=self._root)
            self._file, self._path = os.fdopen(number, "wb"), Path(name)
        return self._file


class FileStore:
    """Files under `<root>/ab/cd/<sha>`; written aside and renamed, so never half there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha: str) -> Path:
        return self._root / sha[:2] / sha[2:4] / sha

    async def put(self, chunks: AsyncIterator[bytes], *, limit: int) -> Stored:
        """Stream a content in; raises TooLarge above `limit` bytes and leaves nothing behind."""
        part = _Part(self._root)
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

    def put_now(self, content: bytes) -> Stored:
        """Keep a content from a thread of one's own: blocks."""
        sha = hashlib.sha256(content).hexdigest()
        stored = Stored(sha, len(content), sniff(content[:512]))
        if self.path(sha).exists():
            return stored
        part = _Part(self._root)
        try:
            part.write(content)
            part.keep(self.path(sha))
        except BaseException:
            part.discard()
            raise
        return stored

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
