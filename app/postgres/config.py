"""The server's settings: a whole postgresql.conf, ours to overwrite."""

from collections.abc import Mapping
from pathlib import Path

from app.postgres.home import Home
from app.postgres.owner import Owner

_SETTINGS = {
    "listen_addresses": "",  # the socket in a private folder is the only door
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",  # our statements are short
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",  # seven files, each overwritten after a week
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_line_prefix": "%m [%p] ",
}


def write_config(home: Home, owner: Owner, *, sockets: Path, extra: Mapping[str, str]) -> None:
    """Write the file where the server's user can read it, not change it; make its log folder."""
    if not home.log.exists():
        home.log.mkdir(mode=0o700)
        owner.give(home.log)
    home.config.write_text(render(sockets=sockets, log=home.log, extra=extra), "utf-8")
    home.config.chmod(0o644)


def render(*, sockets: Path, log: Path, extra: Mapping[str, str]) -> str:
    """A whole postgresql.conf; `extra` overrides ours."""
    settings = {
        **_SETTINGS,
        "unix_socket_directories": f'"{sockets}"',
        "log_directory": str(log),
        **extra,
    }
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    return "\n".join(("# Written by Pult at each start; ALTER SYSTEM outlives it.", *lines, ""))


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
