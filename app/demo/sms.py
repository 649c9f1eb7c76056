"""The demo's SMS: a pretended gateway and one client whose phone knows nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from app.demo import people, seed
from crm_core.kernel import db
from sandbox.sms import Handset, SmppServer, World
from sandbox.sms.window import SmsWindow
from sandbox.stage.windows import Window, WindowInfo

NUMBER = "+79161234505"
INFO = WindowInfo(
    id="sms:viktor",
    name="Виктор Лебедев",
    title={"ru": f"{people.SHOP} · SMS", "en": f"{people.SHOP} · SMS"},
    skin="sms",
    about={"ru": "с кнопочным телефоном", "en": "with a plain old phone"},
    emoji="👴🏻",
    colour="#cdd8d2",
    can=frozenset({"text"}),
)
CARD = """
WITH made AS (
  INSERT INTO client (name, folded, created_at, touched_at) VALUES ($1, $2, now(), now())
  RETURNING id)
INSERT INTO contact_point (client_id, kind, value) SELECT id, 'phone', $3 FROM made
"""


class SmsTroupe:
    """Keeps `app.demo.troupe.Troupe`."""

    def __init__(self) -> None:
        self._world = World()
        self._server = SmppServer(self._world)
        self._handset = Handset(self._world, NUMBER)
        self.windows: Sequence[Window] = (SmsWindow(self._handset, INFO),)

    def running(self) -> AbstractAsyncContextManager[object]:
        return self._server

    async def prepare(self) -> None:
        await seed.channel(
            "sms",
            "SMS «Ромашки»",
            gateway="smpp",
            host=self._server.host,
            port=str(self._server.port),
            login=self._world.login,
            password=self._world.password,
            sender="Romashka",
        )

    async def open_curtain(self) -> None:
        """The shop knows Viktor's number: his SMS will join his card."""
        await db.execute(CARD, "Виктор Лебедев", "виктор лебедев", NUMBER)

    def wipe(self) -> None:
        self._world.wipe()
