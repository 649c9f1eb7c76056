"""setMessageReaction."""

from __future__ import annotations

from sandbox.botapi.access import Access, find_message
from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request, not_emulated

# The emoji a reaction may be (Bot API, ReactionTypeEmoji).
_EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
    "❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 "
    "👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 "
    "💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
_ALLOWED = frozenset(_EMOJI.split())


@method("setMessageReaction")
def set_message_reaction(context: Context) -> bool:
    """A bot may leave one emoji on a message; an empty list takes it back."""
    chat = context.chat(Access.EDIT)
    message = find_message(chat, context.params["message_id"], "message to react")
    reaction = context.get("reaction", [])
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for each in reaction:
        if each["type"] != "emoji":
            raise not_emulated(f"reaction of type {each['type']}")
        if each["emoji"] not in _ALLOWED:
            raise bad_request("REACTION_INVALID")
    message.reactions[context.bot.id] = reaction
    context.world.publish("reaction", chat, message_id=message.id)
    return True
