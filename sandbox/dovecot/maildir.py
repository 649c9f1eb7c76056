"""A mailbox on disk: mail is delivered by writing files, as a delivery agent does."""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True, kw_only=True)
class Maildir:
    """A user's mail. `owner` is (uid, gid) of the server's processes when they are not ours."""

    root: Path
    owner: tuple[int, int] | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def deliver(self, raw: bytes, *, folder: str = "INBOX", at: float | None = None) -> str:
        """Put a mail into a folder, unread; `at` (Unix time) is when it came. The file's name."""
        place = self.folder(folder)
        name = f"{int(time.time())}.{os.getpid()}_{next(self._numbers):08}.pult"
        aside = place / "tmp" / name
        aside.write_bytes(raw)
        self._own(aside)
        if at is not None:
            os.utime(aside, (at, at))
        aside.rename(place / "new" / name)
        return name

    def folder(self, name: str = "INBOX") -> Path:
        """The place of a folder, made when it is not there yet."""
        place = self.root if name == "INBOX" else self.root / f".{name}"
        for one in (self.root, place, *(place / sub for sub in ("tmp", "new", "cur"))):
            if not one.is_dir():
                one.mkdir(parents=True)
                self._own(one)
        return place

    def count(self, folder: str = "INBOX") -> int:
        """How many mails lie in a folder."""
        place = self.folder(folder)
        return sum(len(list((place / sub).iterdir())) for sub in ("new", "cur"))

    def mails(self, folder: str = "INBOX") -> list[bytes]:
        """Everything in a folder, in order of delivery."""
        place = self.folder(folder)
        files = [one for sub in ("new", "cur") for one in (place / sub).iterdir()]
        return [one.read_bytes() for one in sorted(files, key=lambda file: file.name)]

    def unread(self, folder: str = "INBOX") -> int:
        """How many have no “seen” flag."""
        place = self.folder(folder)
        fresh = len(list((place / "new").iterdir()))
        return fresh + sum(
            "S" not in one.name.partition(":2,")[2] for one in (place / "cur").iterdir()
        )

    def forget_uids(self, folder: str = "INBOX") -> None:
        """What a restored backup does: the folder gets another UIDVALIDITY."""
        for one in self.folder(folder).glob("dovecot*"):
            one.unlink()

    def _own(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, *self.owner)
