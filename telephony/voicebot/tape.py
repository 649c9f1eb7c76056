"""A call on its way into the books, on disk from its first second: both sides' sound and the
report so far. What a killed process left behind is taken up by the next one."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pydantic import TypeAdapter

from crm_core.files.sound import stereo
from telephony.voicebot.incoming import FRAME, RATE, Heard
from telephony.voicebot.report import Report

CALLER, BOT, REPORT = "caller.raw", "bot.raw", "report.json"
LAG = 15 * FRAME  # bytes the caller's sound may lack before silence is filled in
_shape = TypeAdapter(Report)


class Tape:
    """Records one call; ticks keep both sides in step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._caller = (folder / CALLER).open("wb")
        self._bot = (folder / BOT).open("wb")
        self._heard = self._clock = 0
        self._speaking = bytearray()

    def play(self, pcm: bytes) -> None:
        self._speaking += pcm

    def hush(self) -> None:
        self._speaking.clear()

    def tick(self, heard: Heard) -> None:
        self._clock += FRAME
        self._bot.write(bytes(self._speaking[:FRAME]).ljust(FRAME, b"\0"))
        del self._speaking[:FRAME]
        self._heard += self._caller.write(heard.pcm)
        lack = self._clock - self._heard
        if lack > LAG:
            self._heard += self._caller.write(bytes(lack))

    def note(self, report: Report) -> None:
        """Where the call stands; survives the process."""
        self._caller.flush()
        self._bot.flush()
        part = self.folder / f"{REPORT}.part"
        part.write_bytes(_shape.dump_json(report))
        part.replace(self.folder / REPORT)

    def close(self) -> None:
        self._caller.close()
        self._bot.close()


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # handed in this moment by another call
        return 0.0


class Shelf:
    """Tapes of a data folder. Blocking: use it in threads."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def tape(self, call: str) -> Tape:
        return Tape(self.folder(call))

    def folder(self, call: str) -> Path:
        # A peer chooses the call's id: it must not choose the folder.
        return self._root / hashlib.sha256(call.encode()).hexdigest()[:32]

    def left(self) -> list[Path]:
        """Folders of calls that are not in the books yet, oldest first."""
        if not self._root.is_dir():
            return []
        return sorted(self._root.iterdir(), key=_age)

    def read(self, folder: Path) -> tuple[Report, bytes] | None:
        """Report and recording (WAV); None when the call had not even begun."""
        try:
            report = _shape.validate_json((folder / REPORT).read_bytes())
        except (OSError, ValueError):
            return None
        caller, bot = ((folder / name).read_bytes() for name in (CALLER, BOT))
        return report, stereo(caller, bot, RATE)

    def discard(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
