"""Who PostgreSQL runs as: ourselves or, when we are root, a user id nobody else has."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.postgres.errors import PostgresRefused

# Neither useradd nor systemd ever hands out a number of this range, so that the server needs no
# account of its own: PostgreSQL itself runs well under a number that has no name.
_FREE_IDS = range(60706, 61184)


class SpawnOptions(TypedDict, total=False):
    """Arguments of `create_subprocess_exec` which drop every right of root."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Owner:
    """A user and a group by number; `drop` is off when that is who we are already."""

    uid: int
    gid: int
    drop: bool

    def spawn(self) -> SpawnOptions:
        """Run a child process as this owner."""
        if not self.drop:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this owner the owner of one file or folder of ours."""
        if self.drop:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_tree(self, path: Path) -> None:
        """The same for everything under a folder, following no links."""
        if not self.drop:
            return
        for folder, folders, files in os.walk(path):
            for name in (".", *folders, *files):
                self.give(Path(folder, name))


def server_owner(data: Path) -> Owner:
    """The owner of an existing cluster; for a new one ourselves or, as root, a free number."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), drop=False)
    if data.exists() and (found := data.stat()).st_uid != 0:
        return Owner(found.st_uid, found.st_gid, drop=True)
    number = next(number for number in _FREE_IDS if not _has_name(number))
    return Owner(number, number, drop=True)


def maker_of(owner: Owner) -> Owner:
    """Who may run `initdb`: it alone insists on a user with a name, so as root it is `nobody`."""
    if not owner.drop or _has_name(owner.uid):
        return owner
    try:
        known = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PostgresRefused(
            "the database cannot be made as root without a user `nobody`: start Pult as an"
            " ordinary user, or set PULT_DATABASE_URL"
        ) from error
    return Owner(known.pw_uid, known.pw_gid, drop=True)


def name_of(uid: int) -> str:
    """The user's name, or the number when it has none."""
    return pwd.getpwuid(uid).pw_name if _has_name(uid) else f"number {uid}"


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
