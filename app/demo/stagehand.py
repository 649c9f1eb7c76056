"""Builds the demo's stage: sandbox accounts, channels, the page, the reset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from app.demo import people, seed, words
from app.demo.telephony import Ground, PhoneTroupe
from app.demo.troupe import troupes
from crm_core.kernel.actors import Actor
from sandbox.botapi import Server, World
from sandbox.botapi.state import Bot
from sandbox.stage.config import LogLine, Person, StageConfig
from sandbox.stage.routes import mount
from sandbox.stage.wipe import wipe_chats
from sandbox.tokens import CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN


@dataclass(frozen=True, slots=True)
class Cast:
    """Channels and people the play needs; `form` is the path of the site form's script."""

    telegram: int
    widget: int
    managers: list[Actor]
    form: str


class Stagehand:
    """Owns the pretended Telegram of one demo, and the troupes of the other channels.

    With `telephones` the demo has a PBX too.
    """

    def __init__(self, language: str = "ru", *, telephones: Ground | None = None) -> None:
        self.world = World()
        self.server = Server(self.world)
        self.troupes = troupes()
        self._language = language
        self._clients_bot = self.world.add_bot(
            CLIENTS_BOT_TOKEN, people.SHOP, username="romashka_shop_bot"
        )
        self._managers_bot = self.world.add_bot(
            MANAGERS_BOT_TOKEN,
            "Пульт",
            username="romashka_desk_bot",
            has_topics_enabled=True,
        )
        self._phones: PhoneTroupe | None = None
        if telephones is not None:
            self._phones = PhoneTroupe(self._managers_bot.user.id, telephones, language)
            self.troupes.append(self._phones)
        for guest in people.GUESTS:
            self.world.add_user(
                guest.first,
                id=guest.telegram_id,
                last_name=guest.last,
                language_code=guest.language,
            )
        for manager in people.MANAGERS:
            first, _space, last = manager.name.partition(" ")
            self.world.add_user(
                first, id=manager.telegram_id, last_name=last, language_code=self._language
            )
        self._cast: Cast | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """All doubles answer inside; yields the address of the Bot API."""
        async with AsyncExitStack() as stack:
            api_url = await stack.enter_async_context(self.server)
            for troupe in self.troupes:
                await stack.enter_async_context(troupe.running())
            yield api_url

    async def prepare(self, api_url: str) -> Cast:
        """Staff and channels of an empty database, and the first scene."""
        managers = await seed.company(sandboxed=True)
        telegram = await seed.channel(
            "telegram",
            "Телеграм «Ромашки»",
            token=CLIENTS_BOT_TOKEN,
            api_url=api_url,
            mode="polling",
        )
        widget = await seed.channel(
            "webchat", "Сайт «Ромашки»", title=people.SHOP, colour="#c2416b"
        )
        form = await seed.channel("leads", "Форма на сайте", service="form", title="Сайт «Ромашки»")
        for troupe in self.troupes:
            await troupe.prepare()
        self._cast = Cast(telegram, widget, managers, await seed.hook(form))
        await seed.scene(telegram, managers)
        return self._cast

    async def open_curtain(self) -> None:
        """Managers come on shift, clients press Start, the first one writes."""
        for manager in people.MANAGERS:
            self._actor(manager.telegram_id, self._managers_bot).start()
        for guest in people.GUESTS:
            self._actor(guest.telegram_id, self._clients_bot)
        first = self._actor(people.GUESTS[0].telegram_id, self._clients_bot)
        first.start()
        first.text("Здравствуйте! Сколько будет букет из 25 роз с доставкой завтра к 10 утра?")
        for troupe in self.troupes:
            await troupe.open_curtain()

    async def reset(self) -> None:
        """Back to the first scene."""
        assert self._cast is not None  # noqa: S101 - prepared before the page is served
        wipe_chats(self.world)
        for troupe in self.troupes:
            troupe.wipe()
        await seed.scene(self._cast.telegram, self._cast.managers)
        await self.open_curtain()

    def mount(self, app: web.Application, cast: Cast) -> None:
        """Put the stage onto `/`."""
        config = StageConfig(
            clients=[self._guest(guest) for guest in people.GUESTS],
            managers=[self._manager(manager) for manager in people.MANAGERS],
            widget_channel=cast.widget,
            form=cast.form,
            reset=self.reset,
            log=_log,
            windows=[window for troupe in self.troupes for window in troupe.windows],
            telephone=self._phones.exchange if self._phones else None,
            language=self._language,
        )
        mount(app, self.world, config=config)

    def _actor(self, user_id: int, bot: Bot):  # type: ignore[no-untyped-def]  # sandbox's own type
        return self.world.actor(self.world.users[user_id], bot)

    def _guest(self, guest: people.Guest) -> Person:
        return Person(
            user_id=guest.telegram_id,
            bot_id=self._clients_bot.user.id,
            name=f"{guest.first} {guest.last}",
            about={"ru": guest.about_ru, "en": guest.about_en},
            emoji=guest.emoji,
            colour=guest.colour,
            phone=guest.phone,
        )

    def _manager(self, manager: people.Manager) -> Person:
        return Person(
            user_id=manager.telegram_id,
            bot_id=self._managers_bot.user.id,
            name=manager.name,
            about={"ru": manager.about_ru, "en": manager.about_en},
            emoji=manager.emoji,
            colour=manager.colour,
        )


async def _log(after: int) -> list[LogLine]:
    return [LogLine(**line) for line in await words.lines(after)]  # type: ignore[typeddict-item]
