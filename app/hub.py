"""The hub: what runs in a process of a given role, wired by hand, started and stopped in order."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from admin_web.app import build as build_web
from admin_web.context import Context
from app.handlers import HANDLERS, TIMERS
from app.settings import Settings
from channels import registry
from channels.webchat import live as widget_live
from crm_core import slices
from crm_core.duplicates import scanning
from crm_core.kernel import secrets
from crm_core.kernel.errors import Refused
from crm_core.kernel.pump import Pump
from crm_core.kernel.supervisor import Supervisor
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from routing.fetching import Fetcher
from routing.inbound.pipe import InboundPipe
from routing.runner import ChannelRunner
from telephony.recordings.keeper import Keeper
from telephony.recordings.shelves import shelf_of
from telephony.runner import PbxRunner

if TYPE_CHECKING:
    from bot.app import BotService

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "bot", "telephony")
Extend = Callable[[web.Application], None]


class Hub:
    """One process of Pult. `roles` out of ROLES; all of them by default."""

    def __init__(self, settings: Settings, roles: tuple[str, ...] = ROLES) -> None:
        slices.load()  # REST offers every command, also where no screen of it is loaded
        self._settings = settings
        self._roles = roles
        self.wakeups = Wakeups()
        self.pipe = InboundPipe()
        self.supervisor = Supervisor()
        self.runner = ChannelRunner(
            registry.kind,
            self.pipe,
            self.wakeups,
            public_url=settings.public_url,
            works="worker" in roles,
        )
        self.pbxes = PbxRunner(
            self.wakeups, public_url=settings.public_url, works="telephony" in roles
        )
        self.bot = self._bot() if settings.bot_token else None
        widget_live.use(self.wakeups)

    def _bot(self) -> BotService:
        from bot.app import Address, BotService  # noqa: PLC0415 - aiogram, only with a token

        token = self._settings.bot_token
        assert token is not None  # noqa: S101 - the caller looked
        secret = secrets.sign("bot-hook", "managers")
        public = (self._settings.public_url or "").rstrip("/")
        return BotService(
            Address(
                token=token.get_secret_value(),
                api_url=self._settings.telegram_api_url,
                # Telegram pushes only to https.
                hook_url=f"{public}/hooks/bot/{secret}" if public.startswith("https:") else None,
                hook_secret=secret,
            ),
            self.wakeups,
        )

    @asynccontextmanager
    async def running(self, extend: Extend | None = None) -> AsyncIterator[str | None]:
        """Everything of the roles runs inside; yields the address served, if any."""
        self.supervisor.start("wakeups", self.wakeups.run)
        await self.wakeups.listening.wait()
        try:
            await self.runner.refresh()
            await self.pbxes.refresh()
            address = await self._serve(extend) if "web" in self._roles else None
            for name, service in self._services().items():
                self.supervisor.start(name, service)
            log.info("hub_started", roles=",".join(self._roles), address=address)
            yield address
        finally:
            await self._stop()
            log.info("hub_stopped")

    async def _stop(self) -> None:
        """First nobody gets in any more, then what is under way is finished."""
        if self._site is not None:
            await self._site.cleanup()
        await self.supervisor.stop()
        if self.bot is not None:
            await self.bot.close()

    _site: web.AppRunner | None = None

    def _services(self) -> dict[str, Callable[[], Awaitable[None]]]:
        services: dict[str, Callable[[], Awaitable[None]]] = {
            "channels": self.runner.run,
            "telephony": self.pbxes.run,
        }
        if "worker" in self._roles:
            limit = self._settings.file_limit_mb * 2**20
            fetcher = Fetcher(self.runner.channel_of, self.wakeups, limit=limit)
            services |= {
                "pump": Pump(HANDLERS, self.wakeups).run,
                "timers": Timers(TIMERS, self.wakeups).run,
                "files": fetcher.run,
                "duplicates": scanning.run,
            }
        if "telephony" in self._roles:
            services["recordings"] = Keeper(shelf_of, self.wakeups).run
        if "bot" in self._roles and self.bot is not None:
            services["bot"] = self.bot.run
        return services

    async def _serve(self, extend: Extend | None) -> str:
        context = Context(
            live=lambda: self.runner.live,
            pipe=self.pipe,
            bot_hook=self.bot.receive if self.bot else None,
            pbx_hook=self.pbxes.receive,
            proxies=self._settings.proxies,
        )
        app = build_web(context)
        if extend is not None:
            extend(app)
        # Visitors' streams end with their channels; the server would wait for them otherwise.
        app.on_shutdown.append(lambda _app: self.supervisor.cancel("channels"))
        self._site = web.AppRunner(app, access_log=None, shutdown_timeout=3)
        await self._site.setup()
        host, port = self._settings.http_host, self._settings.http_port
        try:
            await web.TCPSite(self._site, host, port).start()
        except OSError as error:
            raise _port_refusal(host, port, error) from None
        bound = self._site.addresses[0]
        return f"http://{bound[0]}:{bound[1]}"


def _port_refusal(host: str, port: int, error: OSError) -> Refused:
    if error.errno == errno.EADDRINUSE:
        message = "Port %(port)s of %(host)s is taken: set PULT_HTTP_PORT to a free one."
        return Refused(message, port=port, host=host)
    return Refused(
        "Can't listen on %(host)s:%(port)s: %(error)s.", host=host, port=port, error=error.strerror
    )
