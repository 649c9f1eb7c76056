"""Limits of time on the cards, and who is told when one is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import pytest

from crm_core.kernel import clock, commands, db, wake
from crm_core.kernel.actors import SYSTEM, Role
from sandbox.botapi.actor import Actor as Person
from tests.bot.clients.scenes import press, row
from tests.bot.requests.scenes import arrives, kept
from tests.bot.rig import Rig, texts
from tests.factories_requests import request

LATE = "🔴 Заявка не принята в срок"
UNANSWERED = "🔴 На заявку не ответили в срок"


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow"))


async def goes_on_to(rig: Rig, text: str) -> None:
    """Time passes; whatever is due happens."""
    clock.advance(moscow(text) - clock.now())
    await wake.notify("timers")
    await rig.settled()


def told(person: Person, words: str = LATE) -> int:
    return sum(text.startswith(words) for text in texts(person))


@pytest.fixture
def friday() -> Iterator[None]:
    with clock.frozen(moscow("2026-11-20 17:30")):
        yield


@pytest.mark.feature("REQ-06")
async def test_limits_over_a_weekend_on_the_card_and_told_once(friday: None, rig: Rig) -> None:
    anna = await rig.employee("Анна")
    vera = await rig.employee("Вера", role=Role.HEAD, presence="off")
    boris = await rig.employee("Борис", presence="off")
    limits = [{"accept": 60, "answer": 120, "close": 600}]
    await commands.run(SYSTEM, "request.set_limits", {"limits": limits})
    card = await arrives(anna)
    assert card.text.startswith("📥 🟢")
    assert "принять до: 23 нояб. 09:30" in card.text
    await goes_on_to(rig, "2026-11-23 09:29")
    assert told(anna) == told(vera) == 0, "a weekend is no time"
    await goes_on_to(rig, "2026-11-23 09:31")
    assert (told(vera), told(boris)) == (1, 0)
    late = await vera.wait_text(LATE)
    assert "срок принятия был: сегодня 09:30 · пока ни у кого" in late.text
    await goes_on_to(rig, "2026-11-23 09:40")
    assert told(vera) == 1, "once"
    notice = await vera.wait_text(LATE)
    await press(vera, "📥 Открыть заявку", notice)
    assert notice.text.startswith("📥 🔴 Олег Петров")
    card = next(one for one in reversed(anna.received()) if one.text.startswith("📥"))
    assert card.text.startswith("📥 🔴")
    await press(anna, "✅ Принять", card)
    assert "ответить до: сегодня 10:30" in card.text
    await goes_on_to(rig, "2026-11-23 10:30")
    assert told(anna, UNANSWERED) == told(vera, UNANSWERED) == 1
    assert told(boris, UNANSWERED) == 0
    assert "у кого: Анна" in (await anna.wait_text(UNANSWERED)).text
    await press(anna, "✔️ Готово", card)
    found = await kept(rig)
    assert (found["accept_work"], found["close_work"]) == (70 * 60, 120 * 60)
    assert orjson.loads(found["late"]) == ["accept", "answer"]
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'request.limit'") == 0


async def test_the_list_has_the_colour_of_the_limit(friday: None, rig: Rig) -> None:
    anna = await rig.employee("Анна", presence="off")
    await commands.run(SYSTEM, "request.set_limits", {"limits": [{"accept": 60}]})
    await request(name="Олег Петров")
    await rig.settled()
    home = anna.received()[-1]
    await goes_on_to(rig, "2026-11-23 09:05")
    await press(anna, "📥 Заявки 1", home)
    assert row(home, "Олег").startswith("1. 🟠"), "most of the time is over"
    await goes_on_to(rig, "2026-11-23 09:31")
    await press(anna, "← Главная", home)
    await press(anna, "📥 Заявки 1", home)
    assert row(home, "Олег").startswith("1. 🔴")
