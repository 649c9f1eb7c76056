"""getChat, getChatMember, getChatAdministrators."""

from __future__ import annotations

from sandbox.botapi.access import Access
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.render import chat_json, member_json, message_json
from sandbox.botapi.state import Json, Member

_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@method("getChat")
def get_chat(context: Context) -> Json:
    """A `ChatFullInfo` with what this world knows."""
    chat = context.chat(Access.READ)
    body = chat_json(chat) | {
        "accent_color_id": chat.id % 7 if chat.id > 0 else 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.pinned:
        message = chat.messages[chat.pinned[-1]]
        body["pinned_message"] = message_json(context.world, message, context.bot.id, nested=True)
    return body


@method("getChatMember")
def get_chat_member(context: Context) -> Json:
    chat = context.chat(Access.READ)
    user_id = context.params["user_id"]
    if chat.is_private:
        known = {chat.id: chat.user, context.bot.id: context.bot.user}
        user = known.get(user_id)
        if user is None:
            raise bad_request("user not found")
        return member_json(Member(user=user))
    member = chat.members.get(user_id)
    if member is not None:
        return member_json(member)
    user = context.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    return member_json(Member(user=user, status="left"))


@method("getChatAdministrators")
def get_chat_administrators(context: Context) -> list[Json]:
    chat = context.chat(Access.READ)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(member)
        for member in chat.members.values()
        if member.status in ("creator", "administrator")
        and (not member.user.is_bot or member.user.id == context.bot.id)
    ]
