"""The phones as JSON: a screen of the sandbox with what only the stage needs around it."""

from __future__ import annotations

import itertools

from sandbox.botapi.state import Bot
from sandbox.botapi.world import World
from sandbox.stage.config import Json, Person, StageConfig, Words
from sandbox.stage.texts import page_texts
from sandbox.stage.windowjson import window_bot, window_person, window_screen

_revisions = itertools.count(1)


def whole_state(world: World, config: StageConfig, boot: str) -> Json:
    """Everything a page needs to begin."""
    bots = {each.bot_id for each in config.people}
    return {
        "boot": boot,
        "language": config.language,
        "texts": page_texts(config),
        "widget_channel": config.widget_channel,
        "clients": [
            *(_person(each) for each in config.clients),
            *(window_person(each) for each in config.windows),
        ],
        "managers": [_person(each) for each in config.managers],
        "bots": {str(each): _bot(world.bots[each]) for each in bots}
        | {each.info.id: window_bot(each) for each in config.windows},
        "phones": {key: screen_of(world, config, key) for key in keys_of(config)},
        "telephone": telephone_of(config),
    }


def keys_of(config: StageConfig) -> list[str]:
    """Keys of all phones and windows."""
    return [each.key for each in config.people] + [each.info.id for each in config.windows]


def screen_of(world: World, config: StageConfig, key: str) -> Json:
    """The screen of a phone or window by its key."""
    for window in config.windows:
        if window.info.id == key:
            return window_screen(window, world.clock.now(), next(_revisions))
    return phone(world, next(each for each in config.people if each.key == key))


def telephone_of(config: StageConfig) -> Json | None:
    """The telephone as it is now, with a rising `rev`."""
    if config.telephone is None:
        return None
    return config.telephone.state() | {"rev": next(_revisions)}


def phone(world: World, person: Person) -> Json:
    """A screen with a rising `rev` (an older one never replaces a newer) and the server's time."""
    screen = world.screen(person.user_id, person.bot_id)
    for message in screen["messages"]:
        if message["media"]:
            message["media"]["emoji"] = world.files.get(message["media"]["file"]).meta.get("emoji")
    return screen | {"key": person.key, "rev": next(_revisions), "now": world.clock.now()}


def _person(person: Person) -> Json:
    return {
        "key": person.key,
        "user": person.user_id,
        "bot": person.bot_id,
        "name": _words(person.name),
        "about": _words(person.about),
        "emoji": person.emoji,
        "colour": person.colour,
        "phone": person.phone,
    }


def _words(words: Words) -> str | dict[str, str]:
    return words if isinstance(words, str) else dict(words)


def _bot(bot: Bot) -> Json:
    return {
        "id": bot.id,
        "name": bot.user.name,
        "username": bot.user.username,
        "description": {
            language: text for (kind, language), text in bot.texts.items() if kind == "description"
        },
        "can_open_topics": bot.has_topics_enabled and bot.allows_users_to_create_topics,
    }
