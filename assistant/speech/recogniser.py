"""The only importer of vosk: speech to text with models that lie in folders of this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import vosk

from crm_core.files.sound import Resampler
from crm_core.kernel.errors import Refused

RATE = 16000  # what models are made for
CHUNK = RATE // 5 * 2  # bytes; the engine looks for the end of a phrase once per chunk

vosk.SetLogLevel(-1)


class Models:
    """Models by language, loaded when first asked for and shared by all ears."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """`folders`: language -> model folder (PULT_VOSK_MODEL_RU, PULT_VOSK_MODEL_EN)."""
        self._folders = dict(folders)
        self._loaded: dict[str, vosk.Model] = {}
        self._lock = threading.Lock()

    @property
    def languages(self) -> list[str]:
        return sorted(self._folders)

    def load(self, language: str) -> vosk.Model:
        """Blocking. Refused when there is no such model, or the folder holds none."""
        with self._lock:
            if language not in self._loaded:
                self._loaded[language] = _model(self._folders.get(language), language)
            return self._loaded[language]

    async def ear(self, language: str, *, rate: int = RATE, words: Sequence[str] = ()) -> Ear:
        """An ear for one speaker; with `words` it expects only these phrases."""
        return await asyncio.to_thread(lambda: Ear(self.load(language), rate, words))


def _model(folder: Path | None, language: str) -> vosk.Model:
    name = f"PULT_VOSK_MODEL_{language.upper()}"
    if folder is None:
        message = "Speech is not understood: set %(name)s to the folder of a Vosk model."
        raise Refused(message, name=name)
    try:
        if not folder.is_dir():
            raise FileNotFoundError(folder)  # noqa: TRY301 - the engine would say less
        model = vosk.Model(str(folder))
        # A folder that lacks its graph shows only here.
        vosk.KaldiRecognizer(model, RATE)
    except Exception:  # noqa: BLE001 - the engine raises bare Exception
        message = "%(name)s: %(folder)s holds no Vosk model."
        raise Refused(message, name=name, folder=folder) from None
    return model


class Ear:
    """Listens to one stream of 16-bit mono sound; its work is done in threads."""

    def __init__(self, model: vosk.Model, rate: int, words: Sequence[str]) -> None:
        self._engine = _engine(model, words)
        self._resampler = Resampler(rate, RATE)
        self._waiting = bytearray()
        self.partial = ""  # what is being said

    async def hear(self, pcm: bytes) -> str:
        """Take sound in; the phrase when the speaker has just ended one, else ''."""
        self._waiting += self._resampler.feed(pcm)
        if len(self._waiting) < CHUNK:
            return ""
        return await asyncio.to_thread(self._recognise)

    def _recognise(self) -> str:
        said: list[str] = []
        while len(self._waiting) >= CHUNK:
            chunk = bytes(self._waiting[:CHUNK])
            del self._waiting[:CHUNK]
            if self._engine.AcceptWaveform(chunk):
                said.append(_text(self._engine.Result(), "text"))
        self.partial = _text(self._engine.PartialResult(), "partial")
        return " ".join(filter(None, said))

    async def finish(self) -> str:
        """The rest of what was said; the ear may go on listening."""
        return await asyncio.to_thread(self._finish)

    def _finish(self) -> str:
        if self._waiting:
            self._engine.AcceptWaveform(bytes(self._waiting))
            self._waiting.clear()
        self.partial = ""
        return _text(self._engine.FinalResult(), "text")


def _engine(model: vosk.Model, words: Sequence[str]) -> vosk.KaldiRecognizer:
    """With `words` one that expects only those the model knows, and noise between them."""
    known = [
        phrase
        for phrase in (*words, "[unk]")
        if all(model.vosk_model_find_word(word) >= 0 for word in phrase.split())
    ]
    if not set(known) - {"[unk]"}:
        return vosk.KaldiRecognizer(model, RATE)
    return vosk.KaldiRecognizer(model, RATE, orjson.dumps(known).decode())


def _text(result: str, key: str) -> str:
    """A result's words without what was not understood."""
    words = str(orjson.loads(result).get(key, "")).split()
    return " ".join(word for word in words if word != "[unk]")
