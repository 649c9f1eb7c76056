"""Records as one bot sees them: the Bot API's JSON objects, with that bot's own file ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.botapi.state import Chat, Json, Member, Message, User

if TYPE_CHECKING:
    from sandbox.botapi.world import World

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)


def without_none(**fields: Any) -> Json:
    return {key: value for key, value in fields.items() if value is not None}


def user_json(user: User) -> Json:
    return without_none(
        id=user.id,
        is_bot=user.is_bot,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language_code=user.language_code,
    )


def chat_json(chat: Chat) -> Json:
    if chat.user is not None:
        return without_none(
            id=chat.id,
            type="private",
            first_name=chat.user.first_name,
            last_name=chat.user.last_name,
            username=chat.user.username,
        )
    return without_none(
        id=chat.id,
        type=chat.type,
        title=chat.title,
        username=chat.username,
        is_forum=chat.is_forum or None,
    )


def with_file_ids(world: World, value: Any, bot_id: int) -> Any:
    """A deep copy in which every media object carries the bot's file_id."""
    if isinstance(value, list):
        return [with_file_ids(world, each, bot_id) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {key: with_file_ids(world, each, bot_id) for key, each in value.items()}
    if "file_unique_id" in copy:
        copy["file_id"] = world.files.file_id(bot_id, copy["file_unique_id"])
    return copy


def message_json(world: World, message: Message, bot_id: int, *, nested: bool = False) -> Json:
    """A `Message`; a nested one (a reply's or pin's target) does not show its own reply."""
    body = without_none(
        message_id=message.id,
        message_thread_id=message.thread_id,
        is_topic_message=True if message.thread_id else None,
        date=message.date,
        edit_date=message.edit_date,
        chat=chat_json(message.chat),
        media_group_id=message.group_id,
        forward_origin=message.origin,
        quote=message.quote,
        has_protected_content=True if message.protected else None,
        reply_markup=message.markup,
    )
    body["from"] = user_json(message.sender)
    body |= with_file_ids(world, message.content, bot_id)
    pinned = message.content.get("pinned_message")
    if pinned is not None:
        body["pinned_message"] = _nested(world, message.chat, pinned, bot_id)
    target = message.chat.messages.get(message.reply_to or 0)
    if target is not None and not nested:
        body["reply_to_message"] = message_json(world, target, bot_id, nested=True)
    return body


def _nested(world: World, chat: Chat, message_id: int, bot_id: int) -> Json:
    target = chat.messages.get(message_id)
    if target is None:
        return {"chat": chat_json(chat), "message_id": message_id, "date": 0}
    return message_json(world, target, bot_id, nested=True)


def member_json(member: Member) -> Json:
    """A `ChatMember` of the variant its status asks for."""
    body: Json = {"status": member.status, "user": user_json(member.user)}
    if member.status == "creator":
        body["is_anonymous"] = False
    if member.status == "administrator":
        body |= {"can_be_edited": False, "is_anonymous": False}
        body |= {right: member.rights.get(right, False) for right in RIGHTS}
    if member.status == "kicked":
        body["until_date"] = 0
    return body
