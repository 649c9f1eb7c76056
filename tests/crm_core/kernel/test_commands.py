"""Commands: rights first, clear refusals, one transaction, once per key."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import Field

from crm_core.kernel import commands, db, memory
from crm_core.kernel.actors import SYSTEM, Actor, Right, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, Missing, NotFound

ADMIN = Actor(id=1, role=Role.ADMIN)
OPERATOR = Actor(id=2, role=Role.OPERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the test's command returns."""

    number: int
    role: Role


@pytest.fixture(autouse=True)
def registered(opened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two commands that nobody else sees."""
    monkeypatch.setattr(commands, "_commands", dict(commands.all_commands()))

    @commands.command("test.count", title="Count", right=Right.STAFF_WRITE)
    async def count(
        actor: Actor, *, name: str, step: Annotated[int, Field(ge=1)] = 1, fail: bool = False
    ) -> Counted:
        """Add to a number."""
        before = await memory.get("count", name) or {"n": 0}
        await memory.put("count", name, {"n": before["n"] + step})
        if fail:
            raise Conflict("Not now.")
        return Counted(number=before["n"] + step, role=Role.HEAD)

    @commands.command("test.secret", title="Secret", right=Right.OWN)
    async def secret(actor: Actor) -> str:
        return "token-in-clear"


async def number(name: str = "a") -> int:
    found = await memory.get("count", name)
    return 0 if found is None else int(found["n"])


async def run(raw: dict[str, Any], key: str | None = None, actor: Actor = ADMIN) -> Any:
    return await commands.run(actor, "test.count", raw, key=key)


async def test_result_is_plain_data() -> None:
    assert await run({"name": "a"}) == {"number": 1, "role": "head"}


async def test_rights_come_before_everything_else() -> None:
    with pytest.raises(Forbidden):
        await run({"nonsense": 1}, actor=OPERATOR)
    with pytest.raises(Forbidden):
        await run({"name": "a"}, key="k", actor=OPERATOR)
    assert await number() == 0


async def test_lacking_fields_are_named() -> None:
    with pytest.raises(Missing) as refusal:
        await run({"step": 3})
    assert refusal.value.fields == ("name",)
    assert str(refusal.value) == "Not everything is filled in: name."


@pytest.mark.parametrize("raw", [{"name": "a", "step": 0}, {"name": "a", "more": 1}, {"name": []}])
async def test_wrong_arguments_are_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await run(raw)
    assert await number() == 0


async def test_unknown_command() -> None:
    with pytest.raises(NotFound, match=r"test\.nothing"):
        await commands.run(ADMIN, "test.nothing", {})


async def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        commands.command("test.count", title="Again", right=Right.OWN)(_noop)


async def _noop(actor: Actor) -> None:
    """Takes a name that is already taken."""


async def test_a_refusal_undoes_what_was_written() -> None:
    with pytest.raises(Conflict):
        await run({"name": "a", "fail": True})
    assert await number() == 0


async def test_the_same_key_does_nothing_twice() -> None:
    first = await run({"name": "a"}, key="k")
    assert await run({"name": "a"}, key="k") == first == {"number": 1, "role": "head"}
    assert await number() == 1
    assert await run({"name": "a"}, key="other") == {"number": 2, "role": "head"}


async def test_keys_belong_to_their_actor() -> None:
    await run({"name": "a"}, key="k")
    assert (await run({"name": "a"}, key="k", actor=SYSTEM))["number"] == 2


async def test_a_key_of_another_command_is_a_conflict() -> None:
    await run({"name": "a"}, key="k")
    with pytest.raises(Conflict):
        await commands.run(ADMIN, "test.secret", {}, key="k")


async def test_two_at_once_with_one_key_run_once() -> None:
    results = await asyncio.gather(*(run({"name": "a"}, key="k") for _ in range(8)))
    assert results == [{"number": 1, "role": "head"}] * 8
    assert await number() == 1


async def test_a_refused_call_leaves_no_key() -> None:
    with pytest.raises(Conflict):
        await run({"name": "a", "fail": True}, key="k")
    assert await db.fetchval("SELECT count(*) FROM command_key") == 0
    assert (await run({"name": "a"}, key="k"))["number"] == 1


async def test_a_key_without_end_is_refused() -> None:
    with pytest.raises(Invalid):
        await run({"name": "a"}, key="k" * 300)


async def test_remembered_secrets_are_not_kept_in_clear() -> None:
    assert await commands.run(OPERATOR, "test.secret", {}, key="k") == "token-in-clear"
    assert await commands.run(OPERATOR, "test.secret", {}, key="k") == "token-in-clear"
    assert "token-in-clear" not in await db.fetchval("SELECT result::text FROM command_key")


def test_every_command_says_what_it_is() -> None:
    nameless = [one.name for one in commands.all_commands().values() if not one.title]
    assert nameless == []
