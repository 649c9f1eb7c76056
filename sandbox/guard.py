"""Keeps the sandbox away from real bots: refuses to start beside a real-looking token."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final

from sandbox.tokens import DEMO_TOKENS

_REAL_TOKEN: Final = re.compile(r"(?<![\w-])\d{5,20}:[A-Za-z0-9_-]{35}(?![\w-])")


class SandboxRefusal(RuntimeError):
    """Raised instead of starting; its text is one line for a person."""


def real_token_names(settings: Mapping[str, str]) -> list[str]:
    """Names of the settings that hold a token which is not the sandbox's own."""
    return [
        name
        for name, value in settings.items()
        if any(token not in DEMO_TOKENS for token in _REAL_TOKEN.findall(value))
    ]


def refuse_real_tokens(settings: Mapping[str, str]) -> None:
    """Raise SandboxRefusal when a setting (usually `os.environ`) holds a real-looking bot token."""
    names = real_token_names(settings)
    if names:
        raise SandboxRefusal(
            f"The sandbox does not start beside a real bot token: unset {', '.join(names)} first."
        )


def require_loopback(host: str) -> None:
    """Raise SandboxRefusal unless `host` is this machine only."""
    if host == "localhost":
        return
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise SandboxRefusal(f"The sandbox listens on loopback only, not on {host}: use 127.0.0.1.")
