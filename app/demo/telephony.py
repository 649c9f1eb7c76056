"""The demo's telephone network: a private Asterisk, three clients who ring, desk phones."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.demo import people
from app.demo.callers import CALLERS, EXTENSIONS, NUMBER, OWNERS
from crm_core.accounts.commands import Settings
from crm_core.calls import connecting
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Refused
from sandbox.asterisk import box, place
from sandbox.asterisk.box import AMI_SECRET, AMI_USER, Box
from sandbox.asterisk.exchange import Exchange, digits
from sandbox.asterisk.process import standing
from sandbox.stage.windows import Window
from telephony.asterisk import snippets
from telephony.asterisk.config import Config

RING, FALLBACK = 20, "sales"
# The path of Asterisk's control socket may have 107 characters.
LONGEST = 80
# The shop knows these clients' numbers, and whose clients they are.
KNOWN = """
WITH who AS (
  UPDATE client SET manager_id = (SELECT id FROM employee WHERE name = $3)
  WHERE name = $1 RETURNING id)
INSERT INTO contact_point (client_id, kind, value) SELECT id, 'phone', $2 FROM who
"""
DIALPLAN = """
[from-trunk](+)
exten => {did},1,Set(CALLERID(num)=${{FILTER(0-9+,${{CALLERID(num)}})}})
 same => n,Gosub(sub-record,s,1(in,${{CALLERID(num)}},{did}))
 same => n,Goto(pult-in,{did},1)
"""


def set_up() -> None:
    """Asterisk is there after this; Refused with what to install when it can't be had."""
    print("  Telephony: looking for the private Asterisk (20 seconds the first time).", flush=True)
    if why := place.set_up():
        raise Refused("Telephony of the demo: %(help)s (%(why)s).", help=place.HELP, why=why)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the hub listens, and the folder the PBX may have for itself."""

    hub_url: str
    folder: Path


class PhoneTroupe:
    """Keeps `app.demo.troupe.Troupe`. `bot_id`: the managers' bot."""

    windows: Sequence[Window] = ()

    def __init__(self, bot_id: int, ground: Ground, language: str) -> None:
        self._ground = ground
        desks = {
            f"{one.telegram_id}:{bot_id}": extension
            for one, extension in zip(people.MANAGERS, EXTENSIONS, strict=True)
        }
        self.exchange = Exchange(NUMBER, CALLERS[language], desks)
        self._box: Box | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        folder = self._ground.folder
        if len(str(folder)) > LONGEST:
            folder = Path(tempfile.mkdtemp(prefix="pult-pbx-"))
        shutil.rmtree(folder, ignore_errors=True)
        self._box = await asyncio.to_thread(box.made, folder)
        try:
            async with standing(self._box):
                self._box.log_file.touch()
                yield
                await self.exchange.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def prepare(self) -> None:
        """The PBX's row, the way from the PBX to it, and the desk phones."""
        assert self._box is not None  # noqa: S101 - runs
        for one, extension in zip(people.MANAGERS, EXTENSIONS, strict=True):
            await db.execute(
                "UPDATE employee SET extension = $2 WHERE name = $1", one.name, extension
            )
        config = Config.model_validate(self._settings(self._box))
        stored = Settings(config=self._settings(self._box), secret_fields=["secret"])
        pbx_id = await connecting.add(
            SYSTEM, kind="asterisk", name="АТС «Ромашки»", settings=stored
        )
        secret = await db.fetchval("SELECT hook_secret FROM pbx WHERE id = $1", pbx_id)
        await self._dial(config, f"{self._ground.hub_url}/hooks/pbx/{pbx_id}/{secret}")
        await self.exchange.open(self._box)

    def _settings(self, pbx: Box) -> dict[str, object]:
        return {
            "host": "127.0.0.1",
            "port": pbx.port("AMI"),
            "username": AMI_USER,
            "secret": AMI_SECRET,
            "ring": RING,
            "cdr_file": str(pbx.log_file),
            "recordings_dir": str(pbx.recordings),
        }

    async def _dial(self, config: Config, url: str) -> None:
        """The dialplan that `pult pbx setup` prints, led to from the outside line."""
        assert self._box is not None  # noqa: S101 - runs
        dialplan = snippets.dialplan(config, url).replace("FALLBACK", FALLBACK)
        self._box.render(dialplan + DIALPLAN.format(did=digits(NUMBER)))
        await asyncio.to_thread(self._box.console, "dialplan reload")

    async def open_curtain(self) -> None:
        for name, number, manager in OWNERS:
            await db.execute(KNOWN, name, number, people.MANAGERS[manager].name)

    def wipe(self) -> None:
        self.exchange.forget()
