"""The file store: bytes by unique id, file ids that belong to one bot, download links."""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import mimetypes
from typing import Any

from sandbox.botapi.clock import Clock
from sandbox.botapi.config import Config
from sandbox.botapi.errors import bad_request
from sandbox.botapi.state import File, Json

_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "video": "videos"}
_SUFFIXES = {"photo": ".jpg", "voice": ".oga", "audio": ".mp3", "video": ".mp4"}


class FileStore:
    """All files of a world. Shapes of its answers follow the Bot API's `File`."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._files: dict[str, File] = {}
        self._links: dict[tuple[int, str], tuple[str, float]] = {}
        self._numbers = itertools.count(1)

    def add(self, kind: str, data: bytes, **fields: Any) -> File:
        """Keep new bytes; `fields` are those of `File` (name, mime, meta, declared_size)."""
        number = next(self._numbers)
        digest = hashlib.sha256(f"{number}:{kind}".encode()).digest()
        unique_id = base64.urlsafe_b64encode(digest[:11]).decode().rstrip("=")
        file = File(unique_id=unique_id, number=number, kind=kind, data=data, **fields)
        if file.mime is None and file.name:
            file.mime = mimetypes.guess_type(file.name)[0]
        self._files[unique_id] = file
        return file

    def get(self, unique_id: str) -> File:
        return self._files[unique_id]

    def file_id(self, bot_id: int, unique_id: str) -> str:
        """The id under which one bot knows the file."""
        raw = f"{bot_id}:{unique_id}".encode()
        return "SB" + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def resolve(self, bot_id: int, file_id: str) -> File | None:
        """The file behind a bot's file_id; None when it is another bot's or no id at all."""
        body = file_id.removeprefix("SB")
        try:
            raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        except (binascii.Error, ValueError):
            return None
        owner, _, unique_id = raw.partition(":")
        return self._files.get(unique_id) if owner == str(bot_id) else None

    def describe(self, bot_id: int, file_id: str) -> Json:
        """Answer of getFile; opens the download link for a while."""
        file = self.resolve(bot_id, file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if file.size > self._config.max_download:
            raise bad_request("file is too big")
        path = self._path(file)
        self._links[bot_id, path] = (
            file.unique_id,
            self._clock.now() + self._config.file_link_ttl,
        )
        return {
            "file_id": self.file_id(bot_id, file.unique_id),
            "file_unique_id": file.unique_id,
            "file_size": file.size,
            "file_path": path,
        }

    def download(self, bot_id: int, path: str) -> File | None:
        """The file of an open download link; None when the link is unknown or too old."""
        unique_id, until = self._links.get((bot_id, path), ("", 0.0))
        return self._files[unique_id] if self._clock.now() < until else None

    def _path(self, file: File) -> str:
        suffix = _SUFFIXES.get(file.kind)
        if suffix is None:
            known = mimetypes.guess_extension(file.mime or "") or ""
            suffix = f".{file.name.rsplit('.', 1)[1]}" if file.name and "." in file.name else known
        return f"{_FOLDERS.get(file.kind, 'documents')}/file_{file.number}{suffix}"
