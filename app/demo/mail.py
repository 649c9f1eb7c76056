"""The demo's mail: the shop's mailbox on a private server, and one client's mail program."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import structlog

from app.demo import people, seed
from sandbox.dovecot import Dovecot, available
from sandbox.mail import Letterbox, TakesMail
from sandbox.mail.window import CAN, MailWindow
from sandbox.stage.windows import Window, WindowInfo

log = structlog.get_logger(__name__)

SHOP = "zakaz@romashka.test"
PASSWORD = "demo"  # noqa: S105 - of a server only this machine sees
INFO = WindowInfo(
    id="mail:sergey",
    name={"ru": "Сергей Орлов", "en": "Sergey Orlov"},
    title=SHOP,
    skin="mail",
    about={"ru": "пишет письма", "en": "writes mails"},
    emoji="👨🏻‍💼",
    colour="#f3d9c6",
    can=CAN,
)
CLOSED = (
    "Здесь была бы почта: на этой машине нет Dovecot (apt install dovecot-imapd dovecot-pop3d)."
    "\nMail would be here: this machine has no Dovecot."
)
SILENT = (
    "Здесь была бы почта: Dovecot этой машины не запустился.\n"
    "Mail would be here: this machine's Dovecot did not start."
)


class MailTroupe:
    """Keeps `app.demo.troupe.Troupe`. Without a mail server on the machine nobody plays."""

    def __init__(self) -> None:
        self._box = Letterbox(
            name="Сергей Орлов",
            address="sergey.orlov@client.test",
            shop=SHOP,
            deliver=self._deliver,
        )
        self._taking = TakesMail(self._box.take)
        self._dovecot: Dovecot | None = None
        self._window = MailWindow(self._box, INFO, closed="" if available() else CLOSED)
        self.windows: Sequence[Window] = (self._window,)

    def _deliver(self, raw: bytes) -> None:
        if self._dovecot is not None:
            self._dovecot.box(SHOP).deliver(raw)

    def running(self) -> AbstractAsyncContextManager[object]:
        return self._running()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        if self._window.closed:
            yield
            return
        root = await asyncio.to_thread(_folder)
        server = Dovecot(root=root, users={SHOP: PASSWORD})
        try:
            await self._start(server)
            async with self._taking:
                yield
        finally:
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)

    async def _start(self, server: Dovecot) -> None:
        """A mail server that does not start is no reason to play nothing."""
        try:
            await asyncio.to_thread(server.start)
        except (RuntimeError, OSError) as error:
            log.warning("demo_without_mail", reason=str(error)[:500])
            self._window.closed = SILENT
        else:
            self._dovecot = server

    async def prepare(self) -> None:
        if self._dovecot is None:
            return
        await seed.channel(
            "email",
            "Почта «Ромашки»",
            address=SHOP,
            sender_name=people.SHOP,
            signature="С уважением,\nцветочная лавка «Ромашка»",
            password=PASSWORD,
            incoming_host="127.0.0.1",
            incoming_port=str(self._dovecot.ports["imap"]),
            incoming_security="none",
            smtp_host="127.0.0.1",
            smtp_port=str(self._taking.port),
            smtp_security="none",
            read_sent="no",
            save_sent="no",
        )

    async def open_curtain(self) -> None:
        """Sergey waits for his turn: who plays writes for him."""

    def wipe(self) -> None:
        self._box.wipe()


def _folder() -> Path:
    """Short, as its sockets have long names; the server's own user may walk through."""
    root = Path(tempfile.mkdtemp(prefix="pult-mail-", dir="/tmp"))
    root.chmod(0o711)
    return root
