"""The one file: a plain tar, written and read member by member, never held in memory."""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from app.backup import manifest as manifests
from app.backup.errors import BackupRefused
from app.backup.manifest import Manifest, Member

_CHUNK = 1 << 20
_LONGEST_MANIFEST = 1 << 28


def write(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write all members; a source that changed since its checksum was taken is refused."""
    text = manifests.render(manifest)
    with target.open("xb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(_entry(manifests.NAME, len(text)), io.BytesIO(text))
        for name, member in manifest.members.items():
            with sources[name].open("rb") as source:
                tar.addfile(_entry(name, member.size), source)
        tar.close()
        file.flush()
        os.fsync(file.fileno())


def read(source: Path, into: Path) -> Manifest:
    """Unpack under `into`, checking every byte; refuse anything that is not what it says."""
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _read_manifest(tar)
            missing = dict(manifest.members)
            for entry in tar:
                _unpack(tar, entry, missing.pop(entry.name, None), into)
    except OSError as error:
        raise BackupRefused(f"{error.filename or source}: {error.strerror or error}") from error
    except tarfile.TarError as error:
        raise BackupRefused(f"{source} is not a backup of Pult, or it is cut short") from error
    if missing:
        raise BackupRefused(f"{source} is cut short: {next(iter(missing))} is not in it")
    return manifest


def describe(path: Path) -> Member:
    """Size and checksum of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        for chunk in _chunks(file.read):
            digest.update(chunk)
            size += len(chunk)
    return Member(size, digest.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != manifests.NAME or first.size > _LONGEST_MANIFEST:
        raise BackupRefused("this is not a backup of Pult: it does not begin with a manifest")
    content = tar.extractfile(first)
    return manifests.parse(content.read() if content else b"")


def _unpack(
    tar: tarfile.TarFile, entry: tarfile.TarInfo, expected: Member | None, into: Path
) -> None:
    if entry.name == manifests.NAME and entry.offset == 0:
        return  # the iterator begins anew
    content = tar.extractfile(entry) if entry.isreg() else None
    if expected is None or content is None:
        raise BackupRefused(f"the backup is unsafe: {entry.name!r} is not in its manifest")
    target = into / entry.name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        for chunk in _chunks(content.read):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != expected.sha256:
        raise BackupRefused(f"the backup is damaged: the checksum of {entry.name} is wrong")


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(_CHUNK):
        yield chunk
