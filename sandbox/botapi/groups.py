"""Life of groups: members, administrators, bots joining and leaving, upgrade to a supergroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.botapi.posting import MembershipChange, Post, change_own_membership, post
from sandbox.botapi.render import RIGHTS, user_json
from sandbox.botapi.state import Bot, Chat, Member, User

if TYPE_CHECKING:
    from sandbox.botapi.world import World


def join(world: World, chat: Chat, user: User, *, status: str = "member") -> None:
    """A person enters a group; `status` may be creator or administrator."""
    rights = dict.fromkeys(RIGHTS, True) if status == "administrator" else {}
    chat.members[user.id] = Member(user=user, status=status, rights=rights)
    chat.started = True
    post(world, chat, user, Post(content={"new_chat_members": [user_json(user)]}))


def add_bot(world: World, chat: Chat, bot: Bot, by: User, rights: tuple[str, ...] = ()) -> None:
    """A person brings a bot into a group, as administrator when `rights` are given."""
    status = "administrator" if rights else "member"
    given = dict.fromkeys((*rights, "can_manage_chat"), True) if rights else {}
    old = chat.members[bot.id].status if bot.id in chat.members else "left"
    chat.members[bot.id] = Member(user=bot.user, status=status, rights=given)
    change = MembershipChange(by=by, bot=bot, old=old, new=status)
    change_own_membership(world, chat, change)


def remove_bot(world: World, chat: Chat, bot: Bot, by: User) -> None:
    """A person throws a bot out of a group."""
    old = chat.members[bot.id].status
    chat.members[bot.id].status = "kicked"
    change = MembershipChange(by=by, bot=bot, old=old, new="kicked")
    change_own_membership(world, chat, change)


def upgrade(world: World, chat: Chat, by: User, *, is_forum: bool = False) -> Chat:
    """Turn a group into a supergroup: a new chat id, the old one answers `migrate_to_chat_id`."""
    new = world.add_group(chat.title or "", is_forum=is_forum)
    new.members = chat.members
    new.started = True
    post(world, chat, by, Post(content={"migrate_to_chat_id": new.id}))
    chat.migrated_to = new.id
    post(world, new, by, Post(content={"migrate_from_chat_id": chat.id}))
    return new
