"""Speech to text by the real engine: whole files, streams, a narrowed vocabulary, bad models."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from assistant.speech.recogniser import Models
from crm_core.files.sound import decoded
from crm_core.kernel.errors import Refused

TINY = Path(__file__).with_name("vosk-tiny")
SPOKEN = [
    one for one in orjson.loads((TINY / "fixtures/manifest.json").read_bytes()) if "text" in one
]


@pytest.fixture(scope="module")
def models() -> Models:
    return Models({"ru": TINY / "ru", "en": TINY / "en"})


def sound(name: str, rate: int) -> bytes:
    return decoded(TINY / "fixtures" / name, rate)


async def heard(models: Models, language: str, pcm: bytes, rate: int, **how: Any) -> str:
    """As it comes over a line: 20 ms at a time."""
    ear = await models.ear(language, rate=rate, **how)
    step = rate // 50 * 2
    said = [await ear.hear(pcm[place : place + step]) for place in range(0, len(pcm), step)]
    return " ".join(filter(None, [*said, await ear.finish()]))


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("one", SPOKEN, ids=lambda one: one["file"])
async def test_sentences(models: Models, one: dict[str, str], rate: int) -> None:
    assert await heard(models, one["lang"], sound(one["file"], rate), rate) == one["text"]


async def test_a_phrase_ends_with_a_pause_and_partials_come_before(models: Models) -> None:
    ear = await models.ear("ru", rate=8000)
    pcm = sound("ru0_ulaw.wav", 8000)
    partials, phrases = [], []
    for place in range(0, len(pcm) + 16000, 320):
        phrases.append(await ear.hear((pcm + bytes(16000))[place : place + 320]))
        partials.append(ear.partial)
    assert [one for one in phrases if one] == ["где мой заказ"]
    assert "где" in " ".join(partials)
    assert partials[-1] == ""


async def test_silence_is_nothing(models: Models) -> None:
    assert await heard(models, "ru", bytes(96000), 16000) == ""


async def test_only_expected_words(models: Models) -> None:
    words = ("да", "нет", "где мой заказ", "слово которого модель не знает")
    pcm = sound("ru0.ogg", 16000)
    assert await heard(models, "ru", pcm, 16000, words=words) == "где мой заказ"
    assert await heard(models, "ru", pcm, 16000, words=("неведомо",)) == "где мой заказ"


async def test_many_listen_at_once_with_one_model(models: Models) -> None:
    one = SPOKEN[1]
    pcm = sound(one["file"], 8000)
    texts = await asyncio.gather(*(heard(models, one["lang"], pcm, 8000) for _ in range(8)))
    assert texts == [one["text"]] * 8


async def test_no_model_and_bad_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="PULT_VOSK_MODEL_RU"):
        await Models({}).ear("ru")
    (tmp_path / "am").mkdir()
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(Refused, match=r"PULT_VOSK_MODEL_EN: .* holds no Vosk model"):
            await Models({"en": folder}).ear("en")
