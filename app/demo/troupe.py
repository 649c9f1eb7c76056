"""Pretended providers of the demo beside Telegram: each brings a channel and its windows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sandbox.stage.windows import Window


class Troupe(Protocol):
    """One provider's double in the demo. Made once per demo, before anything is served."""

    @property
    def windows(self) -> Sequence[Window]:
        """Clients' windows on the stage; the same ones for the life of the demo."""

    def running(self) -> AbstractAsyncContextManager[object]:
        """Inside, the double answers on this machine; entered before `prepare`."""

    async def prepare(self) -> None:
        """Add the channel account (app.demo.seed.channel); the hub does not run yet."""

    async def open_curtain(self) -> None:
        """The hub runs: clients may write their first words."""

    def wipe(self) -> None:
        """Empty the windows for a fresh play; accounts and numbering stay."""


def troupes() -> list[Troupe]:
    """Everybody who plays; a new channel appends its own here."""
    from app.demo.mail import MailTroupe  # noqa: PLC0415 - the doubles, only in a demo
    from app.demo.sms import SmsTroupe  # noqa: PLC0415
    from app.demo.viber import ViberTroupe  # noqa: PLC0415
    from app.demo.vk import VkTroupe  # noqa: PLC0415

    return [VkTroupe(), ViberTroupe(), SmsTroupe(), MailTroupe()]
