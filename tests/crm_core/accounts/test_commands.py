"""Channel accounts: secrets sealed, changes noticed, one bad row hurting only itself."""

from __future__ import annotations

import pytest

from crm_core.accounts import commands, queries
from crm_core.accounts.commands import Settings
from crm_core.kernel import db, secrets
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Forbidden, NotFound, Refused
from tests import factories

pytestmark = pytest.mark.usefixtures("opened")

SETTINGS = Settings(config={"token": "42:secret", "name": "x"}, secret_fields=["token"])


async def add(name: str = "Бот") -> int:
    return await commands.add(SYSTEM, kind="telegram", name=name, settings=SETTINGS)


async def test_secrets_touch_no_row_and_come_back() -> None:
    channel_id = await add()
    stored = await db.fetchval("SELECT config::text FROM channel")
    assert "42:secret" not in stored
    assert '"name": "x"' in stored
    account = await queries.account(channel_id)
    assert account is not None
    assert account.config == {"token": "42:secret", "name": "x"}
    assert "secret" not in repr(account)
    events = await db.fetch("SELECT data::text FROM event")
    assert [row for row in events if "secret" in row["data"]] == []


async def test_only_admins_connect_channels() -> None:
    head = await factories.employee(role=Role.HEAD)
    with pytest.raises(Forbidden):
        await commands.add(head, kind="telegram", name="x", settings=SETTINGS)


async def test_names_are_unique_and_queues_must_exist() -> None:
    await add()
    with pytest.raises(Conflict, match="Бот"):
        await add()
    with pytest.raises(NotFound):
        await commands.add(SYSTEM, kind="telegram", name="x", settings=SETTINGS, queue_id=77)


async def test_the_default_queue_is_taken() -> None:
    queue_id = await factories.queue()
    await add()
    assert await db.fetchval("SELECT queue_id FROM channel") == queue_id


async def test_every_change_grows_the_revision() -> None:
    channel_id = await add()
    await commands.set_broken(channel_id, "no token")
    await commands.configure(SYSTEM, channel_id=channel_id, settings=Settings(config={"a": 1}))
    await commands.switch(SYSTEM, channel_id=channel_id, active=False)
    account = await queries.account(channel_id)
    assert account is not None
    assert (account.revision, account.broken, account.active) == (3, None, False)
    assert await queries.accounts(active_only=True) == []
    for refused in (
        commands.configure(SYSTEM, channel_id=77, settings=SETTINGS),
        commands.switch(SYSTEM, channel_id=77, active=True),
        commands.remove(SYSTEM, channel_id=77),
    ):
        with pytest.raises(NotFound):
            await refused


async def test_broken_is_told_once() -> None:
    channel_id = await add()
    for reason in ("no token", "no token", None, None):
        await commands.set_broken(channel_id, reason)
    rows = await db.fetch("SELECT data->>'what' AS what FROM event ORDER BY id")
    assert [row["what"] for row in rows] == ["added", "broken", "mended"]


async def test_a_removed_account_keeps_no_secret_and_frees_its_name() -> None:
    channel_id = await add()
    await commands.remove(SYSTEM, channel_id=channel_id)
    assert await db.fetchval("SELECT config::text FROM channel") == "{}"
    assert await queries.account(channel_id) is None
    assert await queries.accounts() == []
    assert await add() != channel_id


async def test_one_unreadable_account_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = await add("Старый")
    monkeypatch.setattr(secrets, "_key", b"quite another key than before")
    good = await add("Новый")
    rows = {row.id: row for row in await queries.accounts()}
    assert rows[good].config["token"] == "42:secret"
    with pytest.raises(Refused, match="PULT_SECRET_KEY"):
        _ = rows[lost].config
