"""What each kind of channel can carry: told by the composition root, asked by commands."""

from __future__ import annotations

from collections.abc import Callable

from crm_core.dialogs.messages import Capabilities

Lookup = Callable[[str], Capabilities]

_lookup: Lookup | None = None


def use(lookup: Lookup) -> None:
    """Take the way capabilities of a channel kind are found."""
    global _lookup  # noqa: PLW0603 - one registry per process
    _lookup = lookup


def of(kind: str) -> Capabilities:
    """Capabilities of a channel kind; KeyError for an unknown one."""
    if _lookup is None:
        raise KeyError(kind)
    return _lookup(kind)
