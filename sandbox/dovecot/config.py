"""The configuration of a private Dovecot 2.3, for root and for anybody else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.dovecot.common import COMMON
from sandbox.dovecot.options import OAUTH, ROOTLESS, SUBMISSION, TLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a Dovecot shall be. `tls`: certificate and key. `runs_as`: (user, group) of its
    processes when we are not root; `ids`: uid=… gid=… of the mail's owner when we are."""

    root: Path
    ports: Mapping[str, int]
    tls: tuple[Path, Path] | None = None
    runs_as: tuple[str, str] | None = None
    ids: str = ""
    oauth_url: str = ""
    relay: int = 0


def text(wish: Wish) -> str:
    """dovecot.conf."""
    protocols = "imap pop3 submission" if wish.relay else "imap pop3"
    parts = [COMMON.format(root=wish.root, ids=wish.ids, protocols=protocols, **wish.ports)]
    certificate, key = wish.tls or ("", "")
    parts.append(TLS.format(certificate=certificate, key=key) if wish.tls else "\nssl = no\n")
    if wish.runs_as is not None:
        parts.append(ROOTLESS.format(user=wish.runs_as[0], group=wish.runs_as[1]))
    if wish.oauth_url:
        parts.append(OAUTH.format(root=wish.root))
    if wish.relay:
        parts.append(SUBMISSION.format(relay=wish.relay, submission=wish.ports["submission"]))
    return "".join(parts)
