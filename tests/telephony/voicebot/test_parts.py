"""Parts of the bot by themselves: the dialplan's questions, packets, tapes, settings, the voice."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from crm_core.files.sound import decoded
from crm_core.kernel.errors import Refused
from telephony.voicebot import building, speaking
from telephony.voicebot.audiosocket import AudioSocket
from telephony.voicebot.config import AudioSocketConfig, topics_of
from telephony.voicebot.contract import Line
from telephony.voicebot.dialplan import KEPT, Desk
from telephony.voicebot.incoming import Heard, Incoming, Reason
from telephony.voicebot.jitter import Sound
from telephony.voicebot.report import Report, Spoken
from telephony.voicebot.shapes import Phrase, Slots
from telephony.voicebot.speaking import Voice
from telephony.voicebot.tape import Shelf
from tests.telephony.voicebot.conftest import KEY, PEOPLE, carrier_of, free_port
from tests.telephony.voicebot.pbx import Pbx
from tests.telephony.voicebot.sounds import level, loudness, tone

OK, FORBIDDEN, UNKNOWN = "200 OK", "403 Forbidden", "404 Not Found"


def test_a_call_is_announced_taken_once_and_sent_on() -> None:
    desk = Desk(KEY)
    status, call = desk.answer(
        f"/call?key={KEY}&caller=%2B7916&name=%D0%98&reason=closed&did=1&ref=x.1"
    )
    assert status == OK
    assert desk.take(call) == Incoming(
        id=call, number="+7916", name="И", dialled="1", reason=Reason.CLOSED, ref="x.1"
    )
    assert desk.take(call) is None
    desk.decide(call, "700")
    assert desk.answer(f"/next?key={KEY}&id={call}") == (OK, "700")
    assert desk.answer(f"/next?key={KEY}&id={call}") == (OK, "")


def test_strangers_are_told_nothing() -> None:
    desk = Desk(KEY)
    assert desk.answer("/call?caller=1") == (FORBIDDEN, "")
    assert desk.answer("/call?key=%FF&caller=1") == (FORBIDDEN, "")
    assert desk.answer(f"/else?key={KEY}") == (UNKNOWN, "")
    assert desk.answer(f"/call?key={KEY}&reason=nonsense")[0] == OK


def test_nothing_dangerous_reaches_the_dialplan_and_memory_is_bounded() -> None:
    desk = Desk(KEY)
    for place in ("602,1)\n same=>n,System(rm", "${SHELL(id)}", "", "x" * 65):
        desk.decide("one", place)
        assert desk.answer(f"/next?key={KEY}&id=one") == (OK, "")
    for number in range(KEPT + 5):
        desk.decide(str(number), "700")
    assert desk.answer(f"/next?key={KEY}&id=0") == (OK, "")
    assert desk.answer(f"/next?key={KEY}&id=5") == (OK, "700")


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"G", b"GET", b"GET / HTTP/1.1\r\n\r\n", b"GET \r\n\r\n", b"\x01\x00\x10" + b"x" * 16,
        b"\x01\xff\xff" + b"x" * 40, b"\x10\x00\x02ab" + b"y" * 20, b"G" * 200_000,
    ],
)  # fmt: skip
async def test_nonsense_at_the_port_harms_nobody(sent: bytes) -> None:
    """Every strange connection is closed, no call comes of it, and the next is answered."""
    calls: list[Line] = []

    async def answering(line: Line) -> None:
        calls.append(line)

    server = AudioSocket("127.0.0.1", 0, KEY)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(answering))
        await server.ready.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(sent)
        writer.write_eof()
        async with asyncio.timeout(3):
            with suppress(ConnectionError):
                assert KEY.encode() not in await reader.read()
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET /next?key={KEY}&id=1 HTTP/1.1\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
        serving.cancel()
    assert calls == []


def test_packets_find_their_place() -> None:
    sound = Sound()
    sound.write(1000, b"aa" * 160)
    sound.write(1320, b"cc" * 160)  # one is lost meanwhile
    sound.write(1160, b"bb" * 160)  # it was only late
    assert sound.take() == b"aa" * 160 + b"bb" * 160 + b"cc" * 160
    sound.write(1160, b"xx" * 160)  # too late
    sound.write(2**31, b"dd" * 160)  # another source
    assert sound.take() == b"dd" * 160


def test_time_stamps_that_begin_anew_are_no_gap() -> None:
    sound = Sound()
    sound.write(2**32 - 160, b"aa" * 160)
    sound.write(0, b"bb" * 160)
    assert sound.take() == b"aa" * 160 + b"bb" * 160


def test_sound_nobody_reads_does_not_grow() -> None:
    sound = Sound()
    for number in range(4000):
        sound.write(number * 160, bytes(320))
    assert len(sound) == 30 * 16000


REPORT = Report(
    bot_id=1,
    call=Incoming(id="../../etc/passwd"),
    began=datetime(2026, 11, 20, tzinfo=UTC),
    seconds=1,
    slots=Slots(),
    step="offer",
)


def test_a_tape_survives_its_process(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "calls")
    tape = shelf.tape(REPORT.call.id)
    assert tape.folder.parent == tmp_path / "calls"
    tape.play(tone(700, 0.5))
    for _ in range(50):
        tape.tick(Heard(tone(1300, 0.02)))
    tape.note(replace(REPORT, transcript=(Spoken(0.1, "bot", "Привет"),)))
    # The process is killed here.
    (folder,) = shelf.left()
    found = Shelf(tmp_path / "calls").read(folder)
    assert found is not None
    report, recording = found
    assert report.transcript == (Spoken(0.1, "bot", "Привет"),)
    assert (report.call.id, report.end) == (REPORT.call.id, None)
    assert level(decoded(recording, 8000), 1300) > 1000
    tape.close()
    shelf.discard(folder)
    assert shelf.left() == []


def test_a_tape_without_a_report_is_no_call(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    tape = shelf.tape("x")
    tape.close()
    assert shelf.read(tape.folder) is None


def test_a_silent_peer_is_silence_on_tape(tmp_path: Path) -> None:
    tape = Shelf(tmp_path).tape("x")
    for _ in range(100):
        tape.tick(Heard())
    tape.tick(Heard(tone(1300, 0.02)))
    tape.note(REPORT)
    tape.close()
    sides = [(tape.folder / name).stat().st_size for name in ("caller.raw", "bot.raw")]
    assert abs(sides[0] - sides[1]) <= 16 * 320


async def test_the_voice_makes_a_phrase_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = Phrase("hello", "Здравствуйте!")
    made = await Voice("ru", tmp_path).say((phrase, phrase))
    assert loudness(made) > 300
    monkeypatch.setenv("PATH", "")
    assert await Voice("ru", tmp_path).say((phrase, phrase)) == made
    with pytest.raises(Refused, match="apt install espeak-ng"):
        await Voice("ru", tmp_path).say((Phrase("other", "Другое"),))
    with pytest.raises(Refused, match="apt install espeak-ng"):
        speaking.check()


async def test_a_recording_takes_the_place_of_the_voice(tmp_path: Path) -> None:
    from crm_core.files.sound import stereo

    (tmp_path / "greeting.wav").write_bytes(stereo(tone(700, 0.5), tone(700, 0.5), 8000))
    voice = Voice("ru", tmp_path / "cache", tmp_path)
    assert level(await voice.say((Phrase("greeting", "Привет"),)), 700) > 2000
    spoken = await voice.say((Phrase("greeting", "Привет", fixed=False),))
    assert level(spoken, 700) < 1000


async def test_text_is_never_an_option(tmp_path: Path) -> None:
    """espeak-ng reads the text from its input: "-f /etc/passwd" is only spoken."""
    said = await Voice("en", tmp_path).say((Phrase("x", "-f /etc/passwd"),))
    assert len(said) < 16000 * 10


def test_settings_are_checked() -> None:
    assert topics_of("Доставка: курьер, Заказ; Оплата: счёт")[0].words == ("курьер", "заказ")
    common = {"company": "Ромашка", "key": KEY}
    for wrong in (
        {"topics": "Доставка"},
        {"timezone": "Mars/Base"},
        {"person": "602,1)"},
        {"key": "short"},
        {"key": "with space&x=1"},
        {"address": "a b"},
    ):
        with pytest.raises(ValidationError):
            AudioSocketConfig.model_validate({**common, **wrong})


async def test_an_extension_that_is_refused_is_said_so(pbx: Pbx) -> None:
    """And the next try, with the right password, works."""

    async def answering(line: Line) -> None:
        await line.hang_up()

    carrier = carrier_of("sip", pbx)
    wrong = carrier.config.model_copy(update={"user": "299", "sip_port": free_port()})
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(25):
            await building.transport(wrong).serve(answering)
    assert "refuses extension 299" in str(caught.value.exceptions[0])
    async with carrier.serving(answering):
        assert PEOPLE
