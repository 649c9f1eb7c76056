"""Whole conversations over the telephone: spoken words through Asterisk into the books."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.speech.recogniser import Models
from crm_core.files.sound import decoded
from crm_core.kernel import clock
from telephony.voicebot import building
from telephony.voicebot.audiosocket import AudioSocket
from telephony.voicebot.bot import Bot, Manner
from telephony.voicebot.config import SipConfig
from telephony.voicebot.contract import Transport
from telephony.voicebot.conversation import Parts
from telephony.voicebot.hearing import Deaf, Hearing
from telephony.voicebot.incoming import End
from telephony.voicebot.listening import Patience
from telephony.voicebot.report import Report
from telephony.voicebot.speaking import Voice
from telephony.voicebot.tape import Shelf
from telephony.voicebot.understanding import Topic
from tests.telephony.voicebot.caller import Call, Outside
from tests.telephony.voicebot.conftest import HUM, KEY, NUMBERS, PEOPLE, Carrier, carrier_of
from tests.telephony.voicebot.pbx import Pbx, dialled_by_sipp
from tests.telephony.voicebot.sounds import level, loudness, speech
from tests.waiting import eventually

MOSCOW = ZoneInfo("Europe/Moscow")
SPOKEN = 300  # loudness from which somebody speaks


class Books:
    """Keeps what is handed in."""

    def __init__(self, names: dict[str, str] | None = None, failures: int = 0) -> None:
        self.taken: list[tuple[Report, bytes]] = []
        self._names, self.failures = names or {}, failures

    async def known(self, number: str) -> str:
        return self._names.get(number, "")

    async def take(self, report: Report, recording: bytes) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the books are away")
        self.taken.append((report, recording))

    async def report(self, timeout: float = 15) -> Report:
        async def there() -> bool:
            return bool(self.taken)

        await eventually(there, timeout=timeout, what="a report")
        return self.taken[0][0]


@pytest.fixture(scope="session")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("phrases")


class Office:
    """A bot with its books, ready to take calls."""

    def __init__(self, hearing: Hearing, phrases: Path, folder: Path) -> None:
        self.books = Books()
        self.shelf = Shelf(folder / "calls")
        self.manner = Manner(
            bot_id=1,
            language="ru",
            company="Ромашка",
            timezone=MOSCOW,
            person=PEOPLE,
            topics=(Topic("Доставка", ("курьер", "доставка", "заказ")),),
        )
        self.parts = Parts(
            hearing=hearing,
            voice=Voice("ru", phrases),
            patience=Patience(silence=1.5, keys=1.0),
        )

    def bot(self) -> Bot:
        return Bot(self.manner, self.parts, self.shelf, self.books)


@pytest.fixture
def office(models: Models, phrases: Path, tmp_path: Path) -> Office:
    return Office(models, phrases, tmp_path)


async def asked(call: Call) -> None:
    """Until the bot has begun to speak."""

    async def speaking() -> bool:
        return loudness(call.heard[-3200:]) > SPOKEN

    await eventually(speaking, what="the bot's voice")


async def say(call: Call, *sentences: str) -> None:
    """Answer each question in the middle of it."""
    for sentence in sentences:
        await asked(call)
        call.play(speech(sentence))

        async def said() -> bool:
            return not call.talking

        await eventually(said)
        # The bot has fallen silent, thinks, and speaks again.
        call.forget()

        async def silent() -> bool:
            return call.over.is_set() or (
                len(call.heard) > 3200 and loudness(call.heard[-3200:]) < SPOKEN
            )

        await eventually(silent, what="the bot's silence")
        call.forget()


async def over(call: Call) -> None:
    async with asyncio.timeout(15):
        await call.over.wait()


async def test_requests_by_voice(
    pbx: Pbx, outside: Outside, models: Models, phrases: Path, tmp_path: Path
) -> None:
    """Speech, a spoken number, barge-in: every answer is given while the bot still asks. Over
    both ways at once: it takes as long as people talk."""
    offices = {kind: Office(models, phrases, tmp_path / kind) for kind in NUMBERS}
    async with asyncio.TaskGroup() as group:
        for kind, office in offices.items():
            group.create_task(_requested(carrier_of(kind, pbx), outside, office))


async def _requested(carrier: Carrier, outside: Outside, office: Office) -> None:
    async with carrier.serving(office.bot().answering) as group:
        call = await outside.call(carrier.number, group)
        await say(call, "да", "телефон", "где мой заказ", "нет")
        await say(call, "семь три пять два один", "завтра утром", "да")
        await over(call)
        report = await office.books.report()
    today = clock.now().astimezone(MOSCOW)
    assert report.slots.agreed
    assert report.slots.name == "Телефон"
    assert (report.slots.topic, report.slots.words) == ("Доставка", "где мой заказ")
    assert report.slots.number == "73521"
    assert report.slots.when is not None
    assert report.slots.when.astimezone(MOSCOW).hour == 10
    assert report.slots.when.date() == (today + timedelta(days=1)).date()
    assert report.slots.confirmed
    assert report.end is End.BOT
    said = [line.text for line in report.transcript if line.who == "caller"]
    assert said[4] == "семь три пять два один"
    await _heard_again(office)


async def _heard_again(office: Office) -> None:
    """The recording holds both voices, each on its side: the caller's can be recognised anew."""
    recording = office.books.taken[0][1]
    assert recording[22] == 2  # channels
    left = b"".join(recording[place : place + 2] for place in range(44, len(recording), 4))
    right = b"".join(recording[place : place + 2] for place in range(46, len(recording), 4))
    assert loudness(right) > SPOKEN
    ear = await office.parts.hearing.ear("ru", rate=8000)
    heard = [await ear.hear(left[place : place + 3200]) for place in range(0, len(left), 3200)]
    text = " ".join(filter(None, [*heard, await ear.finish()]))
    assert "где мой заказ" in text
    assert "семь три пять два один" in text
    assert decoded(recording, 8000)


async def test_a_person_on_demand(carrier: Carrier, outside: Outside, office: Office) -> None:
    async with carrier.serving(office.bot().answering) as group:
        call = await outside.call(carrier.number, group)
        await say(call, "соедините с оператором")

        async def humming() -> bool:
            return level(call.heard[-3200:], HUM) > 1000

        await eventually(humming, what="the people's telephone")
        await call.hang_up()
        report = await office.books.report()
    assert (report.end, report.moved_to) == (End.MOVED, PEOPLE)


@pytest.mark.parametrize("carrier", ["audiosocket"], indirect=True)
async def test_keys_alone_will_do(carrier: Carrier, outside: Outside, office: Office) -> None:
    """A machine without a speech model."""
    office.parts = replace(office.parts, hearing=Deaf())
    office.books = Books({"+79161234567": "Иван Петров"})
    async with carrier.serving(office.bot().answering) as group:
        call = await outside.call(carrier.number, group)
        for keys in ("1", "2", "49576#", "1", "1"):
            await asked(call)
            await call.press(keys)
            await call.listen(0.3)
            call.forget()
        await over(call)
        report = await office.books.report()
    assert report.slots.name == "Иван Петров"
    assert report.slots.number == "49576"
    assert report.slots.confirmed


@pytest.mark.parametrize("carrier", ["audiosocket"], indirect=True)
async def test_silence_is_not_waited_out_for_ever(
    carrier: Carrier, outside: Outside, office: Office
) -> None:
    office.parts = replace(office.parts, patience=Patience(silence=0.2), voice=_Mute())
    async with carrier.serving(office.bot().answering) as group:
        call = await outside.call(carrier.number, group)
        await over(call)
        report = await office.books.report()
    assert (report.slots.agreed, report.end) == (None, End.BOT)
    assert [line.text for line in report.transcript if line.who == "caller"] == ["…"] * 3


class _Mute(Voice):
    def __init__(self) -> None:
        super().__init__("ru", Path())

    async def say(self, phrases: object) -> bytes:
        return b""


def _impatient(carrier: Carrier) -> Transport:
    """The same transport, sooner convinced that a peer is gone."""
    if not isinstance(carrier.config, SipConfig):
        return AudioSocket("127.0.0.1", building_port(carrier), KEY, quiet=0.5)
    made = building.transport(carrier.config)
    made._lost = 0.5  # type: ignore[attr-defined]  # one kind of transport has it
    return made


def building_port(carrier: Carrier) -> int:
    return int(carrier.config.model_dump()["port"])


async def test_a_peer_that_vanishes(carrier: Carrier, outside: Outside, office: Office) -> None:
    """No BYE ever comes; what was said until then is in the books."""
    async with carrier.serving(office.bot().answering, _impatient(carrier)) as group:
        call = await outside.call(carrier.number, group)
        await say(call, "да", "телефон")
        await asked(call)
        call.vanish()
        report = await office.books.report()
        call.close()
    assert report.end is End.LOST
    assert report.slots.name == "Телефон"


async def test_more_calls_than_it_may_take_go_to_people(
    carrier: Carrier, outside: Outside, office: Office
) -> None:
    office.manner = replace(office.manner, most=1)
    async with carrier.serving(office.bot().answering) as group:
        first = await outside.call(carrier.number, group)
        await asked(first)
        second = await outside.call(carrier.number, group)

        async def humming() -> bool:
            return level(second.heard[-3200:], HUM) > 1000

        await eventually(humming, what="the people's telephone")
        await second.hang_up()
        await first.hang_up()


@pytest.mark.parametrize("carrier", ["audiosocket"], indirect=True)
async def test_books_that_are_away_get_the_call_later(
    carrier: Carrier, outside: Outside, office: Office
) -> None:
    office.books = Books(failures=1)
    bot = office.bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        await say(call, "да")
        await asked(call)
        await call.hang_up()

        async def kept() -> bool:
            return not office.books.failures and not bot.busy

        await eventually(kept, what="a call on the shelf")
    assert office.books.taken == []
    assert len(office.shelf.left()) == 1
    await bot.hand_in()
    report = await office.books.report()
    assert (report.slots.agreed, report.end) == (True, End.CALLER)
    assert office.shelf.left() == []


async def test_a_caller_of_another_make(
    carrier: Carrier, pbx: Pbx, office: Office, tmp_path: Path
) -> None:
    """SIPp rings and plays a spoken word: the bot understands it through the whole chain."""
    async with carrier.serving(office.bot().answering):
        await dialled_by_sipp(pbx, carrier.number, speech("да"), tmp_path)
        report = await office.books.report()
    assert report.slots.agreed
    assert report.call.number == "+74957654321"
    assert report.end is End.CALLER


async def test_a_bot_that_is_stopped_sends_its_callers_to_people(
    carrier: Carrier, outside: Outside, office: Office
) -> None:
    async with asyncio.TaskGroup() as group:
        async with carrier.serving(office.bot().answering):
            call = await outside.call(carrier.number, group)
            await asked(call)

        async def humming() -> bool:
            return level(call.heard[-3200:], HUM) > 1000

        await eventually(humming, what="the people's telephone")
        await call.hang_up()
