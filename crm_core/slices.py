"""Every slice of the domain, so that each process knows all commands and facts there are."""

from __future__ import annotations

import importlib
import pkgutil

import crm_core

MIGRATIONS = "crm_core.migrations"


def load() -> None:
    """Import all modules of `crm_core` but its migrations; what is imported stays as it is."""
    for found in pkgutil.walk_packages(crm_core.__path__, f"{crm_core.__name__}."):
        if not found.name.startswith(MIGRATIONS):
            importlib.import_module(found.name)
