"""Starts and stops a private Dovecot; it is known by the process we started, by nothing else."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.dovecot import config, options
from sandbox.dovecot.maildir import Maildir

PROGRAM = "/usr/sbin/dovecot"
PATIENCE = 15.0
PORTS = ("imap", "imaps", "pop3", "pop3s", "submission")


def available() -> bool:
    """Whether this machine has a Dovecot that can be started."""
    return shutil.which("dovecot") is not None or Path(PROGRAM).is_file()


@dataclass(slots=True, kw_only=True)
class Dovecot:
    """`root` must be an empty folder with a short path that the mail's owner may walk through.

    `users` are address -> password; `tls` certificate and key, in PEM. `relay` is the port of an
    SMTP server on this machine that submission hands mail to; `oauth_url` ends with `token=` and
    answers with JSON.
    """

    root: Path
    users: Mapping[str, str]
    tls: tuple[Path, Path] | None = None
    oauth_url: str = ""
    relay: int = 0
    ports: dict[str, int] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _boxes: dict[str, Maildir] = field(default_factory=dict)

    def start(self) -> None:
        """Returns once it listens; RuntimeError with its log when it does not."""
        self.ports = self.ports or dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self._write()
        program = shutil.which("dovecot") or PROGRAM
        with (self.root / "start.log").open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                (program, "-F", "-c", str(self.root / "dovecot.conf")),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        deadline = time.monotonic() + PATIENCE
        while not all(map(_listens, self._open_ports())):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                message = f"dovecot does not start:\n{self.log}"
                raise RuntimeError(message)
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, and wait."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def log(self) -> str:
        """What it has said."""
        files = (self.root / "start.log", self.root / "dovecot.log")
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def box(self, user: str) -> Maildir:
        """The mail of a user."""
        if user not in self._boxes:
            root = self.root / "mail" / user
            self._boxes[user] = Maildir(root=root, owner=_nobody() if _is_root() else None)
            self._boxes[user].folder()
        return self._boxes[user]

    def _open_ports(self) -> list[int]:
        closed = {"submission"} if not self.relay else set()
        if self.tls is None:
            closed |= {"imaps", "pop3s"}
        return [self.ports[name] for name in PORTS if name not in closed]

    def _write(self) -> None:
        for name in ("run", "lib", "mail"):
            (self.root / name).mkdir(exist_ok=True)
        if _is_root():
            os.chown(self.root / "mail", *_nobody())
        lines = (f"{user}:{{PLAIN}}{password}\n" for user, password in self.users.items())
        (self.root / "passwd").write_text("".join(lines))
        oauth = options.OAUTH_FILE.format(url=self.oauth_url)
        (self.root / "oauth2.conf").write_text(oauth)
        (self.root / "dovecot.conf").write_text(config.text(self._wish()))

    def _wish(self) -> config.Wish:
        uid, gid = _nobody() if _is_root() else (os.getuid(), os.getgid())
        ours = None if _is_root() else (pwd.getpwuid(uid).pw_name, grp.getgrgid(gid).gr_name)
        return config.Wish(
            root=self.root,
            ports=self.ports,
            tls=self.tls,
            runs_as=ours,
            ids=f"uid={uid} gid={gid}",
            oauth_url=self.oauth_url,
            relay=self.relay,
        )


def free_ports(count: int) -> list[int]:
    """Ports of loopback nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_root() -> bool:
    return os.geteuid() == 0


def _nobody() -> tuple[int, int]:
    found = pwd.getpwnam("nobody")
    return found.pw_uid, found.pw_gid
