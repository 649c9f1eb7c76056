"""Settings of a mailbox are tried with its servers before anything is stored."""

from __future__ import annotations

from typing import Any

from channels import registry
from crm_core.accounts.validating import validated
from routing.contracts import Account, CheckReport

KIND = "email"


def complete(raw: dict[str, Any]) -> dict[str, Any]:
    """The settings with what is known of the service; Invalid names what is wrong."""
    return validated(registry.kind(KIND).Config, raw)


async def tried(config: dict[str, Any]) -> CheckReport:
    """Log in both ways; sends nothing."""
    kind = registry.kind(KIND)
    account = Account(
        id=0,
        kind=KIND,
        name=str(config.get("address")),
        hook_url=None,
        hook_secret="",
        config=kind.Config.model_validate(config),
    )
    channel = kind(account)
    try:
        return await channel.check()
    finally:
        await channel.close()
