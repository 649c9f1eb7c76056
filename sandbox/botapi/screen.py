"""What a person sees in a chat right now, as plain JSON for tests and for the web stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.botapi.media import media_kind, media_object
from sandbox.botapi.posting import SERVICE
from sandbox.botapi.state import Chat, Json, Message, Topic

if TYPE_CHECKING:
    from sandbox.botapi.world import World

_AS_IS = ("text", "caption", "contact", "location", "venue")


def chat_screen(world: World, chat: Chat, *, user_id: int) -> Json:
    """The chat as `user_id` sees it; see `message_screen` for one message."""
    return {
        "chat": {
            "id": chat.id,
            "type": chat.type,
            "title": _title(world, chat),
            "is_forum": chat.is_forum or bool(chat.topics),
            "bot_id": chat.bot_id or None,
        },
        "user_id": user_id,
        "started": chat.started,
        "blocked": chat.blocked,
        "messages": [message_screen(world, each, user_id=user_id) for each in _ordered(chat)],
        "topics": [_topic(each) for each in chat.topics.values()],
        "pinned": list(chat.pinned),
        "reply_keyboard": chat.reply_keyboard,
        "action": _live(world, chat.action),
        "drafts": [draft for draft in chat.drafts.values() if _live(world, draft)],
        "commands": world.commands_for(chat, user_id) if chat.bot_id else [],
        "menu_button": world.menu_button_for(chat) if chat.bot_id else None,
    }


def message_screen(world: World, message: Message, *, user_id: int) -> Json:
    """One message: who, when, what, with which buttons. `mine` means it stands on the right."""
    content = message.content
    service = next((key for key in SERVICE if key in content), None)
    seen: Json = {
        "message_id": message.id,
        "thread_id": message.thread_id,
        "from": {
            "id": message.sender.id,
            "name": message.sender.name,
            "is_bot": message.sender.is_bot,
        },
        "mine": message.sender.id == user_id,
        "date": message.date,
        "edited": message.edit_date is not None,
        "silent": message.silent,
        "reply_to": _visible_reply(message),
        "quote": message.quote["text"] if message.quote else None,
        "forwarded_from": _origin_name(message),
        "group_id": message.group_id,
        "entities": content.get("entities", content.get("caption_entities", [])),
        "keyboard": message.markup["inline_keyboard"] if message.markup else [],
        "reactions": [each for given in message.reactions.values() for each in given],
        "media": _media(world, message),
        "service": {service: content[service]} if service else None,
    }
    seen.update({key: content.get(key) for key in _AS_IS})
    return seen


def _visible_reply(message: Message) -> int | None:
    """The message replied to; a forum topic's own first message is not shown as one."""
    is_shown = message.reply_to in message.chat.messages and message.reply_to != message.thread_id
    return message.reply_to if is_shown else None


def _topic(topic: Topic) -> Json:
    return {
        "id": topic.id,
        "name": topic.name,
        "closed": topic.is_closed,
        "icon": topic.icon_color,
    }


def _ordered(chat: Chat) -> list[Message]:
    return [chat.messages[each] for each in sorted(chat.messages)]


def _title(world: World, chat: Chat) -> str:
    return world.bots[chat.bot_id].user.name if chat.bot_id else chat.title or ""


def _origin_name(message: Message) -> str | None:
    if message.origin is None:
        return None
    sender = message.origin.get("sender_user", {})
    return str(message.origin.get("sender_user_name") or sender.get("first_name"))


def _live(world: World, ephemeral: Json | None) -> Json | None:
    """Chat actions and drafts fade by themselves."""
    return ephemeral if ephemeral and ephemeral["until"] > world.clock.now() else None


def _media(world: World, message: Message) -> Json | None:
    body = media_object(message.content)
    kind = media_kind(message.content)
    if body is None or kind is None:
        return None
    file = world.files.get(body["file_unique_id"])
    return {
        "kind": kind,
        "file": file.unique_id,
        "name": file.name,
        "mime": file.mime,
        "size": file.size,
        "duration": body.get("duration"),
        "width": body.get("width"),
        "height": body.get("height"),
    }
