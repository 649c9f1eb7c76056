"""What a backup says about itself: `manifest.json`, its first member (pure).

{"format": 1, "pult": "0.1.0", "postgres": "18.6", "created_at": "2026-11-21T10:00:00+00:00",
 "members": {"database.dump": {"size": 1, "sha256": "…"}, "files/…": …}}
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from app.backup.errors import BackupRefused

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files"


@dataclass(frozen=True)
class Member:
    """Size in bytes and checksum (hex) of one member."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The contents of a backup; `postgres` is the version of the server it was taken from."""

    pult: str
    postgres: str
    created_at: datetime
    members: dict[str, Member]

    @property
    def files(self) -> int:
        """How many files there are beside the database."""
        return len(self.members) - 1

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members.values())


def render(manifest: Manifest) -> bytes:
    """The manifest as JSON."""
    members = {name: asdict(member) for name, member in manifest.members.items()}
    text = {
        "format": FORMAT,
        "pult": manifest.pult,
        "postgres": manifest.postgres,
        "created_at": manifest.created_at.isoformat(),
        "members": members,
    }
    return json.dumps(text, indent=1).encode()


def parse(text: bytes) -> Manifest:
    """Read a manifest; refuse one of a newer format or with names that lead elsewhere."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] > FORMAT:
            raise BackupRefused(
                f"the backup was made by a newer Pult ({found['pult']}): upgrade this one first"
            )
        manifest = Manifest(
            pult=found["pult"],
            postgres=found["postgres"],
            created_at=datetime.fromisoformat(found["created_at"]),
            members={name: Member(**member) for name, member in found["members"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("this is not a backup of Pult: its manifest cannot be read") from error
    for name in manifest.members:
        _check_name(name)
    if DUMP not in manifest.members:
        raise BackupRefused("this is not a backup of Pult: there is no database in it")
    return manifest


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    inside = path.parts[:1] == (FILES,) and len(path.parts) > 1 and ".." not in path.parts
    if name != DUMP and (not inside or str(path) != name):
        raise BackupRefused(f"the backup is unsafe: its member {name!r} leads elsewhere")
