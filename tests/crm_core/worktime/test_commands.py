"""Setting the working time."""

from __future__ import annotations

import pytest

import crm_core.worktime.commands  # noqa: F401 - registers the command
from crm_core.kernel import commands
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Forbidden, Invalid
from crm_core.worktime import queries
from crm_core.worktime.queries import Settings
from tests import factories

pytestmark = pytest.mark.usefixtures("opened")


async def test_set_and_set_again_keeps_own_days() -> None:
    assert await queries.settings() == Settings()
    given = {"hours": "Mon-Sat 10:00-19:00", "timezone": "Asia/Omsk", "days": {"2026-12-30": "off"}}
    await commands.run(SYSTEM, "worktime.set", given)
    await commands.run(SYSTEM, "worktime.set", {"hours": "Mon 10:00-11:00", "country": "none"})
    found = await queries.settings()
    assert (found.hours, found.country) == ("Mon 10:00-11:00", "none")
    assert found.days == {"2026-12-30": "off"}
    assert (await queries.calendar()).timezone == "Europe/Moscow"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hours": "nine to five"}, "can't be read"),
        ({"hours": "Mon 09:00-18:00", "timezone": "Moscow"}, "no time zone Moscow"),
        ({"hours": "Mon 09:00-18:00", "days": {"2026-12-30": "closed"}}, "can't be read"),
    ],
)
async def test_what_can_not_be_read_is_said(given: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await commands.run(SYSTEM, "worktime.set", given)


async def test_only_admins_set_it() -> None:
    head = await factories.employee(role=Role.HEAD)
    with pytest.raises(Forbidden):
        await commands.run(head, "worktime.set", {"hours": "Mon 09:00-18:00"})
