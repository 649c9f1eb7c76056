"""Mailboxes people connect themselves: each has their own, administrators have all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_core.accounts import commands, health, queries
from crm_core.accounts.commands import Settings
from crm_core.accounts.queries import AccountRow
from crm_core.kernel import db
from crm_core.kernel.actors import Actor, Right, Role
from crm_core.kernel.commands import command
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.i18n import N_

KIND = "email"
SECRET = ["password", "smtp_password"]
# What a person decides for their own mailbox. Not: other addresses as ours, files of this machine.
OWN = frozenset(
    {
        *("address", "sender_name", "signature", "login", "password", "since", "folders"),
        *("incoming", "incoming_host", "incoming_port", "incoming_security", "pop_delete"),
        *("smtp_host", "smtp_port", "smtp_security", "smtp_login", "smtp_password"),
        *("sent_folder", "read_sent", "save_sent", "oauth_url", "authserv_id"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox as its owner looks at it; `config` has no secrets. `owner_id` None: everybody's."""

    health: health.Health
    owner_id: int | None
    owner_name: str | None
    config: Mapping[str, Any]


@command("mailbox.connect", title=N_("Connect a mailbox of one's own"), right=Right.OWN)
async def connect(actor: Actor, *, config: dict[str, Any], owner_id: int | None = None) -> int:
    """Connect a mailbox; `config` was validated by the caller, and tried.

    Only administrators connect those of others; `owner_id` 0 is nobody's own.
    """
    owner = actor.id if owner_id is None else owner_id
    if owner != actor.id:
        actor.require(Right.CHANNEL_WRITE)
    address = str(config.get("address", ""))
    await db.execute("SELECT pg_advisory_xact_lock(hashtext('mailbox'))")
    if await db.fetchval(TAKEN, KIND, address):
        raise Conflict(N_("%(address)s is connected already."), address=address)
    name = await _name(address)
    require_own(config)
    settings = Settings(config=config | {"owner": owner or None}, secret_fields=SECRET)
    return await commands.add(_allowed(actor), kind=KIND, name=name, settings=settings)


TAKEN = "SELECT 1 FROM channel WHERE kind = $1 AND lower(config->>'address') = lower($2)"


async def _name(address: str) -> str:
    """The address, as long as no channel bears it for a name."""
    taken = await db.fetchval("SELECT 1 FROM channel WHERE name = $1", address[:120])
    return f"{address[:110]} (2)" if taken else address[:120]


def require_own(config: Mapping[str, Any]) -> None:
    """Invalid for settings people do not make for themselves."""
    if strange := sorted(set(config) - OWN):
        raise Invalid(
            N_("This can't be set for a mailbox of one's own: %(name)s."), name=strange[0]
        )


@command("mailbox.configure", title=N_("Change a mailbox of one's own"), right=Right.OWN)
async def configure(actor: Actor, *, channel_id: int, config: dict[str, Any]) -> int:
    """Change some settings, the others stay; validated and tried by the caller."""
    row = await mine(actor, channel_id, lock=True)
    former = row.config
    if "address" in config and config["address"] != former.get("address"):
        raise Invalid(N_("Another address is another mailbox: connect it."))
    require_own(config)
    sealed = [*SECRET, "oauth_client_secret", "oauth_refresh_token"]
    settings = Settings(config=former | config, secret_fields=sealed)
    return await commands.configure(_allowed(actor), channel_id=channel_id, settings=settings)


@command("mailbox.switch", title=N_("Switch a mailbox of one's own on or off"), right=Right.OWN)
async def switch(actor: Actor, *, channel_id: int, active: bool) -> int:
    await mine(actor, channel_id)
    return await commands.switch(_allowed(actor), channel_id=channel_id, active=active)


@command("mailbox.remove", title=N_("Disconnect a mailbox of one's own"), right=Right.OWN)
async def remove(actor: Actor, *, channel_id: int) -> int:
    """The password is wiped; correspondence stays readable."""
    await mine(actor, channel_id)
    return await commands.remove(_allowed(actor), channel_id=channel_id)


def _allowed(actor: Actor) -> Actor:
    """The same person in the journal: whether they may was decided here."""
    return replace(actor, role=Role.ADMIN)


async def mine(actor: Actor, channel_id: int, *, lock: bool = False) -> AccountRow:
    """The account of a mailbox one may change; NotFound, Forbidden. Holds secrets."""
    if lock:
        await db.execute("SELECT 1 FROM channel WHERE id = $1 FOR UPDATE", channel_id)
    row = await queries.account(channel_id)
    if row is None or row.kind != KIND:
        raise NotFound(N_("There is no such mailbox."))
    if row.config.get("owner") != actor.id and not actor.may(Right.CHANNEL_WRITE):
        raise Forbidden(N_("This mailbox is somebody else's."))
    return row


async def mailbox(actor: Actor, channel_id: int) -> Mailbox:
    """One mailbox, with rights; NotFound, Forbidden."""
    row = await mine(actor, channel_id)
    return await _seen(row, (await health.health(channel_id))[0])


async def mailboxes(actor: Actor) -> list[Mailbox]:
    """One's own; all of them for administrators."""
    every = actor.may(Right.CHANNEL_WRITE)
    rows = [one for one in await queries.accounts() if one.kind == KIND]
    states = {one.id: one for one in await health.health()} if rows else {}
    found = [await _seen(one, states[one.id]) for one in rows]
    return [one for one in found if every or one.owner_id == actor.id]


async def _seen(row: AccountRow, state: health.Health) -> Mailbox:
    config = {name: value for name, value in row.config.items() if name not in HIDDEN}
    owner = config.get("owner")
    name = owner and await db.fetchval("SELECT name FROM employee WHERE id = $1", owner)
    return Mailbox(health=state, owner_id=owner, owner_name=name or None, config=config)


HIDDEN = frozenset({*SECRET, "oauth_client_secret", "oauth_refresh_token"})
