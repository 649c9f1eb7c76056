"""A tiny stand-in for Pult, to work on the stage alone: two bots that pass messages on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)

from sandbox.botapi import World
from sandbox.stage.config import LogLine, Person, StageConfig
from sandbox.stage.wipe import wipe_chats
from sandbox.tokens import CLIENTS_BOT_TOKEN, MANAGERS_BOT_TOKEN

_CLIENTS = (
    ("Анна", "Смирнова", "Постоянный клиент", "👩🏻", "+7 916 200-11-22"),
    ("Борис", "Петров", "Пишет впервые", "🧔🏻", "+7 903 555-10-20"),
    ("Виктория", "Ли", "Свадьба в июне", "👩🏼‍🦰", "+7 925 777-30-40"),
)
_MANAGERS = (
    ("Ольга", "Ким", "Старшая смены", "👩🏻‍💼", "+7 495 100-00-01"),
    ("Дмитрий", "Волков", "Менеджер", "👨🏻‍💼", "+7 495 100-00-02"),
    ("Марина", "Орлова", "Менеджер", "👩🏽‍💼", "+7 495 100-00-03"),
)
_HELLO = (
    "<b>Цветочная лавка «Ромашка»</b>\n"
    "Здравствуйте! Напишите, что нужно, и мы ответим за пару минут."
)
_CARD = (
    "<b>🟢 💬 Новый диалог</b>\n👤 {name} · Telegram\n📥 заявка № {number}, ждёт 1 мин\n"
    "<blockquote expandable>{text}</blockquote>"
)


@dataclass(slots=True)
class Rehearsal:
    """People, bots and what they remember: topic of a manager to client and back."""

    world: World
    clients: list[Person] = field(default_factory=list)
    managers: list[Person] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    topics: dict[tuple[int, int], int] = field(default_factory=dict)
    owners: dict[int, tuple[int, int]] = field(default_factory=dict)
    cards: dict[int, list[Message]] = field(default_factory=dict)

    def populate(self) -> StageConfig:
        """Make the bots and the people; returns what `mount` needs."""
        shop = self.world.add_bot(CLIENTS_BOT_TOKEN, "Лавка «Ромашка»", username="romashka_bot")
        desk = self.world.add_bot(
            MANAGERS_BOT_TOKEN, "Пульт", username="pult_bot", has_topics_enabled=True
        )
        self.clients = [self._person(shop.id, each) for each in _CLIENTS]
        self.managers = [self._person(desk.id, each) for each in _MANAGERS]
        for person in self.managers:
            self.world.actor(self.world.users[person.user_id], desk).start()
        return StageConfig(
            clients=self.clients,
            managers=self.managers,
            widget_channel=1,
            reset=self.reset,
            log=self.log,
        )

    def _person(self, bot_id: int, row: tuple[str, str, str, str, str]) -> Person:
        first, last, about, emoji, phone = row
        user = self.world.add_user(first, last_name=last, language_code="ru")
        return Person(
            user_id=user.id,
            bot_id=bot_id,
            name=f"{first} {last}",
            about=about,
            emoji=emoji,
            phone=phone,
        )

    async def log(self, after: int) -> list[LogLine]:
        return [each for each in self.lines if each["id"] > after]

    async def reset(self) -> None:
        self.lines.clear()
        self.topics.clear()
        self.owners.clear()
        self.cards.clear()
        wipe_chats(self.world)
        desk = self.world.bots[self.managers[0].bot_id]
        for person in self.managers:
            self.world.actor(self.world.users[person.user_id], desk).start()

    def tell(self, icon: str, tone: str, text: str) -> None:
        number = self.lines[-1]["id"] + 1 if self.lines else 1
        at = self.world.clock.now()
        self.lines.append({"id": number, "at": at, "text": text, "icon": icon, "tone": tone})

    async def run(self, base_url: str) -> None:
        """Work until cancelled."""
        api = TelegramAPIServer.from_base(base_url)
        async with (
            Bot(CLIENTS_BOT_TOKEN, session=AiohttpSession(api=api)) as shop,
            Bot(MANAGERS_BOT_TOKEN, session=AiohttpSession(api=api)) as desk,
            asyncio.TaskGroup() as group,
        ):
            both = Both(self, shop, desk)
            await desk.set_my_commands(
                [
                    BotCommand(command="start", description="Главный экран"),
                    BotCommand(command="new", description="Новые диалоги"),
                    BotCommand(command="help", description="Что умеет бот"),
                ]
            )
            group.create_task(_poll(shop, both.for_client))
            group.create_task(_poll(desk, both.for_manager))


@dataclass(slots=True)
class Both:
    """What the two bots do with an update."""

    memory: Rehearsal
    shop: Bot
    desk: Bot

    async def for_client(self, update: Update) -> None:
        message = update.message
        if message is None or message.from_user is None:
            return
        if message.text and message.text.startswith("/start"):
            button = KeyboardButton(text="📱 Отправить мой телефон", request_contact=True)
            rows = [[button], [KeyboardButton(text="Каталог"), KeyboardButton(text="Доставка")]]
            keyboard = ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True)
            await self.shop.send_message(
                message.chat.id, _HELLO, parse_mode="HTML", reply_markup=keyboard
            )
            return
        name = message.from_user.full_name
        self.memory.tell("📥", "client", f"{name}: сообщение из Telegram")
        owner = self.memory.owners.get(message.chat.id)
        if owner:
            await self._pass_on(message, owner)
        else:
            await self._offer(message, name)

    async def _pass_on(self, message: Message, owner: tuple[int, int]) -> None:
        manager, topic = owner
        text = message.text or message.caption or "📎 вложение"
        await self.desk.send_message(manager, text, message_thread_id=topic)

    async def _offer(self, message: Message, name: str) -> None:
        text = message.html_text if message.text else "📎 вложение"
        card = _CARD.format(name=name, number=message.message_id, text=text)
        rows = [
            [InlineKeyboardButton(text="Принять", callback_data=f"take:{message.chat.id}")],
            [
                InlineKeyboardButton(text="👤 Клиент", callback_data=f"who:{message.chat.id}"),
                InlineKeyboardButton(text="Почему мне?", callback_data="why"),
            ],
        ]
        markup = InlineKeyboardMarkup(inline_keyboard=rows)
        sent = self.memory.cards.setdefault(message.chat.id, [])
        for person in self.memory.managers:
            sent.append(
                await self.desk.send_message(
                    person.user_id, card, parse_mode="HTML", reply_markup=markup
                )
            )
        self.memory.tell("💬", "system", f"Диалог предложен: {len(sent)} менеджера, никто не занят")

    async def for_manager(self, update: Update) -> None:
        if update.callback_query:
            await self._press(update.callback_query)
        message = update.message
        if message is None or message.from_user is None:
            return
        if message.text and message.text.startswith("/start"):
            home = "<b>🟢 На смене</b>\n\n📥 Новые: 0\n💬 Мои диалоги: 0\n✅ Задачи на сегодня: 2"
            rows = [
                [
                    InlineKeyboardButton(text=each, callback_data=f"home:{each}")
                    for each in ("📥 Новые", "💬 Мои", "⚙️")
                ]
            ]
            await self.desk.send_message(
                message.chat.id,
                home,
                parse_mode="HTML",
                reply_markup=InlineKeyboardMarkup(inline_keyboard=rows),
            )
            return
        client = self.memory.topics.get((message.chat.id, message.message_thread_id or 0))
        if client and message.text:
            await self.shop.send_message(client, message.text, entities=message.entities)
            self.memory.tell("✓✓", "good", f"{message.from_user.full_name}: ответ доставлен")

    async def _press(self, query: CallbackQuery) -> None:
        verb, _, rest = (query.data or "").partition(":")
        if verb != "take":
            await query.bot.answer_callback_query(  # type: ignore[union-attr]  # a bot got it
                query.id, text="Вы на смене и свободны дольше всех.", show_alert=verb == "why"
            )
            return
        client, manager = int(rest), query.from_user
        topic = await self.desk.create_forum_topic(manager.id, self.memory.world.users[client].name)
        self.memory.topics[manager.id, topic.message_thread_id] = client
        self.memory.owners[client] = (manager.id, topic.message_thread_id)
        await self.desk.answer_callback_query(query.id, text="Диалог ваш")
        self.memory.tell("🤝", "manager", f"{manager.full_name} принимает диалог")
        for card in self.memory.cards.pop(client, []):
            await self._close_card(card, manager.full_name)

    async def _close_card(self, card: Message, name: str) -> None:
        taken = f"⚪ 💬 Диалог принял(а) {name}"
        with suppress(TelegramAPIError):
            await self.desk.edit_message_text(
                taken, chat_id=card.chat.id, message_id=card.message_id
            )


async def _poll(bot: Bot, handle: Callable[[Update], Awaitable[None]]) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=50):
            offset = update.update_id + 1
            await handle(update)
