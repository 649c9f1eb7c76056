"""Which file a PBX means by a recording's name, and where it lies on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

DAY = timedelta(days=1)


class NotThere(Exception):
    """The recording is not there (yet); `str(error)` says where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A PBX's recordings. `folder`: the place they are mounted at here; else `url`, in which
    `{file}` stands for the name (or is put at the end), with `user`:`password`."""

    folder: Path | None = None
    url: str = ""
    user: str = ""
    password: str = ""


def candidates(name: str, at: datetime) -> list[str]:
    """Names relative to the shelf, likeliest first.

    A PBX says the whole path on its own disk, the path below its folder, or (FreePBX) the bare
    name of a file that lies in the folder of its day: by the PBX's own clock, so the days beside
    it count, too. The beginning of a path may be called otherwise here. Cloud PBXs say a whole
    address.
    """
    if "://" in name:
        return [name]
    parts = [part for part in PurePosixPath(name).parts if part != "/"]
    if ".." in parts or not parts:
        return []
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    bare = parts[-1]
    return tails + [f"{day:%Y/%m/%d}/{bare}" for day in (at, at - DAY, at + DAY)]


def find(name: str, shelf: Shelf, at: datetime) -> Path | None:
    """The file in the mounted folder; None when it is not there. Never outside of the folder."""
    root = (shelf.folder or Path()).resolve()
    for one in candidates(name, at):
        path = (root / one).resolve()
        if path.is_relative_to(root) and path.is_file():
            return path
    return None
