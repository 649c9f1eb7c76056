"""kill -9 between a manager's answer and its delivery: never twice, never silently lost."""

from __future__ import annotations

import pytest

from sandbox.botapi.faults import Where
from tests.faults.company import Company, received
from tests.faults.gates import gate, writes_to
from tests.faults.hubs import PATIENCE

pytestmark = pytest.mark.faults


async def test_killed_with_answers_queued(company: Company) -> None:
    """What has not left leaves later, once, in order."""
    client, dialog, anna = await company.talk()
    await company.crash()
    texts = [f"в очереди {number}" for number in range(5)]
    ids = [await company.answer(anna, dialog, text) for text in texts]
    assert received(client) == []
    await company.up()
    await company.settled()
    assert received(client) == texts
    assert await company.statuses(*ids) == ["sent"] * 5


@pytest.mark.parametrize("after", [False, True], ids=["not taken", "taken"])
async def test_killed_while_sending(company: Company, after: bool) -> None:
    """Nobody knows whether it arrived: the manager decides; what waits behind leaves in order."""
    client, dialog, anna = await company.talk()
    where = Where(bot_id=company.polled.bot.id, method="sendMessage", chat_id=client.user.id)
    company.world.faults.hang(where, after=after)
    texts = [f"{number} при гибели, {after}" for number in range(3)]
    ids = [await company.answer(anna, dialog, text) for text in texts]
    await company.call("sendMessage", chat_id=client.user.id)
    await company.crash()
    await company.up()
    await company.settled()
    assert received(client) == (texts if after else texts[1:])
    assert await company.statuses(*ids) == ["unknown", "sent", "sent"]
    phone = await company.phone(anna)
    notice = await phone.wait_text("Неизвестно, дошло ли", PATIENCE)
    assert texts[0] in notice.text
    phone.press("🔁 Отправить ещё раз", notice)
    await phone.wait(lambda: len(received(client)) == len(texts) + after, PATIENCE)
    await company.settled()
    assert received(client) == [*(texts if after else texts[1:]), texts[0]]
    assert await company.statuses(*ids) == ["sent"] * 3


async def test_killed_between_the_answer_of_telegram_and_its_record(company: Company) -> None:
    """It has arrived and only we do not know: it is not sent again by itself."""
    client, dialog, anna = await company.talk()
    async with gate(writes_to("message_ref")) as door:
        message_id = await company.answer(anna, dialog, "доставлено, не записано")
        await door.reached("INSERT INTO message_ref")
        await company.crash()
        await door.turn_away()
    assert received(client) == ["доставлено, не записано"]
    await company.up()
    await company.settled()
    assert received(client) == ["доставлено, не записано"]
    assert await company.statuses(message_id) == ["unknown"]


async def test_another_hub_takes_over(company: Company) -> None:
    """A hub that stands by sends what the dead one had not sent."""
    client, dialog, anna = await company.talk()
    first, second = await company.up(), await company.hubs.start()
    where = Where(bot_id=company.polled.bot.id, method="sendMessage", chat_id=client.user.id)
    company.world.faults.hang(where, after=True)
    texts = [f"{number} при двух" for number in range(4)]
    for text in texts:
        await company.answer(anna, dialog, text)
    await company.call("sendMessage", chat_id=client.user.id)
    await first.kill()
    await company.settled()
    assert received(client) == texts
    await second.kill()
