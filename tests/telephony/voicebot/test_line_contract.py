"""Both transports keep one contract, shown by real calls through a real Asterisk."""

from __future__ import annotations

import asyncio

from telephony.voicebot.contract import Line
from telephony.voicebot.incoming import End, Reason
from tests.telephony.voicebot.caller import Call, Outside
from tests.telephony.voicebot.conftest import HUM, Carrier
from tests.telephony.voicebot.sounds import level, loudness, speech, tone
from tests.waiting import eventually

LOUD = 3000  # amplitude of a tone that arrives; we send 8000


class Bot:
    """Answers every call and notes what comes of it; `on` is called for every line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.heard = bytearray()
        self.digits = ""

    async def answering(self, line: Line) -> None:
        self.lines.append(line)
        await line.answer()
        async for heard in line.ticks():
            self.heard += heard.pcm
            self.digits += heard.digits

    async def line(self, number: int = 0) -> Line:
        async def there() -> bool:
            return len(self.lines) > number

        await eventually(there, what="a call at the bot")
        return self.lines[number]


async def ended(call: Call) -> None:
    async with asyncio.timeout(5):
        await call.over.wait()


async def hears(call: Call, hertz: float, seconds: float = 0.4) -> float:
    """How loud a tone is in what the caller hears from now on."""
    call.forget()
    await call.listen(seconds)
    return level(call.heard, hertz)


async def test_the_bot_is_told_who_calls_and_why(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group, name="Ivan Petrov")
        assert call.status == 200
        incoming = (await bot.line()).incoming
        await call.hang_up()
    assert incoming.number == "+79161234567"
    assert incoming.name == "Ivan Petrov"
    assert incoming.dialled == carrier.number
    assert incoming.reason == {"audiosocket": Reason.BUSY, "sip": Reason.CLOSED}[carrier.kind]
    assert incoming.ref.startswith("pbx-")
    assert incoming.id


async def test_sound_arrives_in_both_directions(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        line.play(tone(700, 2))
        call.play(tone(1300, 2))
        await call.listen(0.3)
        assert line.playing
        bot.heard.clear()
        assert await hears(call, 700) > LOUD
        assert level(call.heard, 1300) < LOUD / 10
        assert level(bytes(bot.heard), 1300) > LOUD
        assert level(bytes(bot.heard), 700) < LOUD / 10
        await call.hang_up()


async def test_speech_comes_out_as_it_went_in(carrier: Carrier, outside: Outside) -> None:
    """To the millisecond: nothing lost, doubled or stretched."""
    bot, said = Bot(), speech("где мой заказ")
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        call.forget()
        line.play(said)

        async def all_said() -> bool:
            return not line.playing

        await eventually(all_said)
        await call.listen(0.3)
        heard = call.heard
        await call.hang_up()
    assert likeness(said, heard) > 0.95


async def test_keys_arrive_in_order(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        await bot.line()
        await call.press("1234567890*#")

        async def all_there() -> bool:
            return len(bot.digits) >= 12

        await eventually(all_there, what="twelve keys")
        await call.hang_up()
    assert bot.digits == "1234567890*#"


async def test_the_bot_falls_silent_at_once(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        line.play(tone(700, 20))
        assert await hears(call, 700) > LOUD
        line.hush()
        assert not line.playing
        await call.listen(0.2)
        assert await hears(call, 700, 0.3) < LOUD / 30
        line.play(tone(900, 1))
        assert await hears(call, 900) > LOUD
        await call.hang_up()


async def test_the_caller_hangs_up(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        line.play(tone(700, 20))
        await call.hang_up()

        async def over() -> bool:
            return line.end is not None

        await eventually(over, timeout=2)
        assert line.end is End.CALLER
        assert not line.playing
        line.play(tone(700, 1))
        line.hush()
        await line.move("601")
        await line.hang_up()
        assert line.end is End.CALLER


async def test_the_bot_hangs_up(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        await line.hang_up()
        assert line.end is End.BOT
        await ended(call)


async def test_the_caller_is_sent_on_to_people(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    async with carrier.serving(bot.answering) as group:
        call = await outside.call(carrier.number, group)
        line = await bot.line()
        await line.move("601")
        assert line.end is End.MOVED
        assert await hears(call, HUM) > 1000
        await call.hang_up()


async def test_a_call_the_bot_does_not_want_goes_to_people(
    carrier: Carrier, outside: Outside
) -> None:
    async def not_now(line: Line) -> None:
        await line.move("601")

    async with carrier.serving(not_now) as group:
        call = await outside.call(carrier.number, group)
        assert await hears(call, HUM) > 1000
        await call.hang_up()


async def test_without_a_bot_the_call_goes_to_people(carrier: Carrier, outside: Outside) -> None:
    async with asyncio.TaskGroup() as group:
        call = await outside.call(carrier.number, group)
        assert await hears(call, HUM) > 1000
        await call.hang_up()


async def test_several_calls_at_once_keep_apart(carrier: Carrier, outside: Outside) -> None:
    bot = Bot()
    notes = [500, 700, 900, 1100, 1300, 1500]
    async with carrier.serving(bot.answering) as group:
        calls = []
        for number, note in enumerate(notes):
            calls.append(await outside.call(carrier.number, group, caller=f"+7916000000{number}"))
            line = await bot.line(number)
            assert line.incoming.number == f"+7916000000{number}"
            line.play(tone(note, 30))
        await calls[-1].listen(0.3)
        for call in calls:
            call.forget()
        await calls[-1].listen(0.5)
        for call, note in zip(calls, notes, strict=True):
            heard = [other for other in notes if level(call.heard, other) > LOUD]
            assert heard == [note]
        assert len({line.incoming.id for line in bot.lines}) == len(notes)
        for call in calls:
            await call.hang_up()


def likeness(sent: bytes, heard: bytes) -> float:
    """Correlation at the best shift, by loudness in 10 ms steps."""
    one, two = envelope(sent), envelope(heard)
    return max(
        (
            correlation(one, two[shift : shift + len(one)])
            for shift in range(len(two) - len(one) + 1)
        ),
        default=0.0,
    )


def envelope(pcm: bytes) -> list[float]:
    return [loudness(pcm[place : place + 160]) for place in range(0, len(pcm) - 159, 160)]


def correlation(one: list[float], two: list[float]) -> float:
    first, second = sum(one) / len(one), sum(two) / len(two)
    top = sum((a - first) * (b - second) for a, b in zip(one, two, strict=True))
    size = sum((a - first) ** 2 for a in one) * sum((b - second) ** 2 for b in two)
    return top / size**0.5 if size else 0.0
