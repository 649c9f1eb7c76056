"""Which channels there are: every folder of `channels/`, imported only when it is asked for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import cast

import channels
from crm_core.dialogs.messages import Capabilities
from crm_core.kernel.errors import NotFound
from routing.contracts import Channel


@cache
def names() -> tuple[str, ...]:
    """Kinds of channels, without importing any of them."""
    found = pkgutil.iter_modules(channels.__path__)
    return tuple(sorted(module.name for module in found if module.ispkg))


@cache
def kind(name: str) -> type[Channel]:
    """The class behind one kind; raises NotFound that lists the known kinds."""
    if name not in names():
        message = "There is no channel kind “%(kind)s”. Known kinds: %(known)s."
        raise NotFound(message, kind=name, known=", ".join(names()))
    module = importlib.import_module(f"{channels.__name__}.{name}.channel")
    return cast("type[Channel]", module.Channel)


def kinds() -> dict[str, type[Channel]]:
    """All channels by kind; imports every one of them."""
    return {name: kind(name) for name in names()}


def capabilities(name: str) -> Capabilities:
    """What a channel of this kind can carry."""
    return kind(name).CAPABILITIES
