"""The bot's voice: recorded prompts where there are some, else espeak-ng; each phrase made once.

espeak-ng is a program of its own (GPL-3): it is started, never loaded.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from crm_core.files.sound import decoded
from crm_core.kernel.errors import Refused
from telephony.voicebot.incoming import RATE
from telephony.voicebot.shapes import Phrase

ESPEAK = "espeak-ng"
SPEED = "150"  # words a minute
SLOWEST = 20.0  # seconds for one phrase


class Voice:
    """Phrases as 16-bit 8 kHz sound. `prompts` may hold recordings named by the phrase's key
    (`greeting.wav`); `cache` keeps what was made, under the hash of what made it."""

    def __init__(self, language: str, cache: Path, prompts: Path | None = None) -> None:
        self._language, self._cache, self._prompts = language, cache, prompts
        self._ready: dict[str, bytes] = {}
        self._making = asyncio.Semaphore(2)

    async def say(self, phrases: tuple[Phrase, ...]) -> bytes:
        return b"".join([await self._one(phrase) for phrase in phrases])

    async def _one(self, phrase: Phrase) -> bytes:
        recorded = self._recorded(phrase)
        source = str(recorded) if recorded else phrase.text
        name = hashlib.sha256(f"{self._language}\n{SPEED}\n{source}".encode()).hexdigest()
        if name not in self._ready:
            async with self._making:
                made = await self._made(name, phrase.text, recorded)
            if phrase.fixed or recorded:  # names and numbers are said once
                self._ready[name] = made
            return made
        return self._ready[name]

    def _recorded(self, phrase: Phrase) -> Path | None:
        if self._prompts is None or not phrase.fixed:
            return None
        path = self._prompts / f"{phrase.key}.wav"
        return path if path.is_file() else None

    async def _made(self, name: str, text: str, recorded: Path | None) -> bytes:
        kept = self._cache / f"{name}.raw"
        if recorded is None and kept.is_file():
            return await asyncio.to_thread(kept.read_bytes)
        wav = recorded or await self._synthesised(text)
        pcm = await asyncio.to_thread(decoded, wav, RATE)
        if recorded is None:
            await asyncio.to_thread(_keep, kept, pcm)
        return pcm

    async def _synthesised(self, text: str) -> bytes:
        """A WAV of espeak-ng; the text goes in by standard input, never as an option."""
        process = await asyncio.create_subprocess_exec(
            _program(),
            *("-v", self._language, "-s", SPEED, "-b", "1", "--stdin", "--stdout"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(SLOWEST):
                wav, _ = await process.communicate(text.encode())
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return wav


def _program() -> str:
    found = shutil.which(ESPEAK)
    if found is None:
        raise Refused("The voice bot needs espeak-ng (Debian, Ubuntu: apt install espeak-ng).")
    return found


def check() -> None:
    """Refused when this machine can't speak."""
    _program()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(prefix="part-", dir=path.parent)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    Path(part).replace(path)
