"""Backup and restore: the database and the files of Pult in one file, for any PostgreSQL."""

from app.backup.errors import BackupRefused
from app.backup.make import backup
from app.backup.manifest import Manifest
from app.backup.restore import restore

__all__ = ["BackupRefused", "Manifest", "backup", "restore"]
