"""From the manager's bot through a real Asterisk and back: transfer, dialling, the recording."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from sandbox.asterisk.voice import hum
from sandbox.botapi.actor import Actor as Person
from telephony.recordings.keeper import Keeper
from telephony.recordings.shelves import shelf_of
from tests.bot import conftest
from tests.bot.calls.scenes import NUMBER, client, pops
from tests.bot.calls.scenes import phone as person_with
from tests.bot.clients.scenes import card_of, press
from tests.bot.rig import Rig, labels
from tests.telephony.asterisk.house import House, ended, living, settings
from tests.telephony.recordings.sounds import samples_of, strength
from tests.waiting import eventually

rig = conftest.rig


async def _person(rig: Rig, house: House, name: str, extension: str) -> Person:
    """Somebody with the bot on one side and a phone on the other."""
    found = await person_with(rig, name, extension)
    await house.phone(extension)
    return found


async def _shown(person: Person, words: str) -> None:
    async def look() -> bool:
        return any(words in one.text for one in pops(person))

    what = f"{words!r} on a card of {[one.text for one in pops(person)]}"
    await eventually(look, what=what)


@pytest.mark.feature("TEL-07")
@pytest.mark.parametrize("answered", [True, False], ids=["while one speaks", "while it rings"])
async def test_one_press_connects_the_caller_to_the_responsible_manager(
    house: House, rig: Rig, answered: bool
) -> None:
    anna = await _person(rig, house, "Анна", "101")
    boris = await _person(rig, house, "Борис", "102")
    await client(manager=(await rig.actor(anna)).id)
    if not answered:
        house.phones["102"].on_ring = house.phones["102"].let_ring
    async with house.at_work():
        call = await house.outside.call("74950012", NUMBER)
        if answered:
            await call.wait("up")
            await living("talking")
        await _shown(boris, "Разговор" if answered else "Звонит")
        card = next(one for one in pops(boris) if "➡️ Перевести: Анна" in labels(one))
        await press(boris, "➡️ Перевести: Анна", card)
        spoken = await house.phones["101"].talking()
        assert spoken.caller == NUMBER
        await call.wait("up")
        await _shown(anna, "Разговор")
        await call.hangup()
        [stored] = await ended()
    assert stored.employee_id == (await rig.actor(anna)).id
    assert not any(one.state == "up" for one in house.phones["102"].legs.values())


@pytest.mark.feature("TEL-08")
async def test_a_press_on_a_number_calls_it_and_the_call_is_the_cards(
    house: House, rig: Rig
) -> None:
    anna = await _person(rig, house, "Анна", "101")
    one = await client(manager=(await rig.actor(anna)).id)
    async with house.at_work():
        card = await card_of(anna, "Пётр Иванов")
        await press(anna, "📞 Позвонить", card)
        await house.phones["101"].talking()
        outside = await house.outside.talking()
        await _shown(anna, "Разговор: 👤 Пётр Иванов")
        await outside.hangup()
        [stored] = await ended()
    assert (stored.direction, stored.outcome, stored.number) == ("outbound", "answered", NUMBER)
    assert (stored.client_id, stored.origin) == (one, {"kind": "client", "id": one})
    assert stored.ordered_by_id == stored.employee_id == (await rig.actor(anna)).id


async def test_what_was_said_is_heard_in_the_bot(house: House, rig: Rig) -> None:
    """A tone spoken into the phone comes out of the voice message in the manager's bot."""
    folder = str(house.box.folder / "recordings")
    changed = settings(house.box, recordings_dir=folder)
    stored = Settings(config=changed, secret_fields=["secret"])
    await connecting.configure(SYSTEM, pbx_id=1, settings=stored)
    rig.supervisor.start("recordings", Keeper(shelf_of, rig.wakeups).run)
    anna = await _person(rig, house, "Анна", "102")
    await client()
    async with house.at_work():
        call = await house.outside.call("74950012", NUMBER)
        await call.wait("up")
        await hum(await house.phones["102"].talking(), 700, 1.5)
        await call.hangup()
        await ended()
    await _shown(anna, "🎧 Запись 0:0")
    card = pops(anna)[-1]
    await press(anna, "🎧 Прослушать", card)
    voice = anna.received()[-1]
    sent = rig.world.files.get(voice.content["voice"]["file_unique_id"]).data
    path = store().path(await db.fetchval("SELECT sha FROM call_recording"))
    assert sent == path.read_bytes()
    samples, _rate = await asyncio.to_thread(samples_of, path)
    loud = [at for at, value in enumerate(samples) if abs(value) > 6_000]
    assert loud, "something was said"
    said = samples[loud[0] : loud[0] + 8_000]
    assert strength(said, 700) > 6_000
    assert strength(said, 1300) < 500


@pytest.mark.feature("TEL-04")
async def test_the_call_obeys_the_managers_buttons_and_the_card_tells(
    house: House, rig: Rig
) -> None:
    """Taken from a colleague's ringing phone, held, taken back, handed over, ended, dialled."""
    anna = await _person(rig, house, "Анна", "101")
    await _person(rig, house, "Борис", "102")
    vera = await _person(rig, house, "Вера", "103")
    await client(manager=(await rig.actor(anna)).id)
    house.phones["102"].on_ring = house.phones["102"].let_ring
    async with house.at_work():
        call = await house.outside.call("74950012", NUMBER)
        await _shown(anna, "Звонит у: Борис")
        await _pressed(anna, "✋ Взять")
        await house.phones["101"].talking()
        await _shown(anna, "Разговор: ")
        await _pressed(anna, "⏸ Удержать")
        await _shown(anna, "На удержании: ")
        await _pressed(anna, "▶️ Вернуться")
        await _shown(anna, "Разговор: ")
        assert call.state == "up"
        await _pressed(anna, "🔀 Перевести")
        await _pressed(anna, "🟢 Вера")
        await house.phones["103"].talking()
        await _shown(vera, "Разговор: ")
        await _pressed(vera, "☎️ Завершить")
        await call.wait("ended")
        [stored] = await ended()
        await _shown(vera, "Входящий: ")
        await _pressed(vera, "👍 Договорились")
        await _pressed(vera, "📞 Позвонить ещё")
        await house.phones["103"].talking()
        dialled = await house.outside.talking()
        await _shown(vera, "Разговор: ")
        await _pressed(vera, "☎️ Завершить")
        await dialled.wait("ended")
        await ended(2)
    assert stored.employee_id == (await rig.actor(vera)).id
    assert stored.outcome == "answered"
    assert [one["kind"] for one in stored.transfers][-1] == "blind"


async def _pressed(person: Person, label: str) -> None:
    """Press it on whichever card of a call carries it, once it does."""
    await person.wait(lambda: any(label in labels(one) for one in pops(person)), 20)
    await press(person, label, next(one for one in pops(person) if label in labels(one)))
