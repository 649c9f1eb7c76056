"""The demo's VK community: its double, a client's window, and the community's shop."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from app.demo import seed
from sandbox.stage.windows import WindowInfo
from sandbox.vk import Server, World, objects
from sandbox.vk.window import CAN, VkWindow

TOKEN = "vk1.a.sandbox-community-not-a-secret"  # noqa: S105 - opens nothing outside this machine
SHOP = {"ru": "Ромашка", "en": "Romashka"}
CLIENT_ID = 600_000_101


class VkTroupe:
    """Keeps `app.demo.troupe.Troupe`."""

    def __init__(self) -> None:
        self._world = World()
        self._server = Server(self._world)
        self._group = self._world.add_group(TOKEN, SHOP["ru"])
        goods = tuple(
            objects.item(self._group.id, number, title, price)
            for number, (title, price) in enumerate([("Букет «Осень»", 350_000)], 1)
        )
        user = self._world.add_user("Алина", "Котова", id=CLIENT_ID, screen_name="alina_k")
        self._alina = self._world.actor(user, self._group)
        info = WindowInfo(
            id="vk:alina",
            name={"ru": "Алина Котова", "en": "Alina Kotova"},
            title=SHOP,
            skin="vk",
            about={"ru": "клиент, ВКонтакте", "en": "client, VK"},
            emoji="🌼",
            colour="#0077ff",
            can=CAN,
        )
        self.windows = [VkWindow(self._alina, info, goods=goods)]

    def running(self) -> AbstractAsyncContextManager[object]:
        return self._server

    async def prepare(self) -> None:
        await seed.channel(
            "vk",
            "ВКонтакте «Ромашки»",
            token=TOKEN,
            group_id=str(self._group.id),
            api_url=self._world.base_url,
        )

    async def open_curtain(self) -> None:
        """Alina waits for her turn: who plays writes for her."""

    def wipe(self) -> None:
        self._world.wipe()
