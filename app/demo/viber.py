"""The demo's Viber: a pretended server, the shop's bot in it, one client with a phone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from app.demo import people, seed
from sandbox.stage.windows import Window, WindowInfo
from sandbox.viber import Phone, Server, User, World
from sandbox.viber.window import CAN, ViberWindow

TOKEN = "4f5e1a0000000000-pult-demo-only-0000000000000000"  # noqa: S105 - of no real bot
LENA = User(id="RGVtb0xlbmFTb2tvbG92YQ==", name="Елена Соколова")
INFO = WindowInfo(
    id="viber:lena",
    name="Елена Соколова",
    title=people.SHOP,
    skin="viber",
    about={"ru": "пишет в Viber", "en": "writes in Viber"},
    emoji="👩🏻‍🎨",
    colour="#d9d2fc",
    can=CAN,
)
WELCOME = "Здравствуйте! Напишите, какой нужен букет, и мы сразу ответим."


class ViberTroupe:
    """Keeps `app.demo.troupe.Troupe`."""

    def __init__(self) -> None:
        self._world = World()
        self._server = Server(self._world)
        bot = self._world.add_bot(TOKEN, people.SHOP, uri="romashka")
        phone = Phone(self._server, bot, LENA)
        self.windows: Sequence[Window] = (ViberWindow(phone, INFO, number="+79161234504"),)

    def running(self) -> AbstractAsyncContextManager[object]:
        return self._server

    async def prepare(self) -> None:
        await seed.channel(
            "viber",
            "Viber «Ромашки»",
            token=TOKEN,
            sender_name="Ромашка",
            welcome=WELCOME,
            api_url=self._server.url,
        )

    async def open_curtain(self) -> None:
        """Nobody speaks first: the visitor opens the chat."""

    def wipe(self) -> None:
        self._world.wipe()
