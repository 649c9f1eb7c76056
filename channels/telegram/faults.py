"""What the Bot API refuses, in the hub's own errors. Pure; no text here ever holds a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientConnectorError, ConnectionTimeoutError, InvalidURL

from routing.contracts import (
    ChannelBroken,
    ChatMoved,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

TOKEN_REFUSED = "Telegram refuses the bot's token: get it from @BotFather and set it again."  # noqa: S105
TAKEN = "Another program receives this bot's updates: stop it, or give Pult a bot of its own."
NOT_AN_API = "The Bot API address answers, but it is no Bot API server: check api_url."
UNREACHABLE_API = "The Bot API server can't be reached: check the network and api_url."
NO_ANSWER = "No answer from Telegram: it is not known whether the message was delivered."
TOO_LARGE = "The file is larger than Telegram takes from a bot."

NO_CHAT = "Telegram knows no such chat for the bot: the client has to write first."
REMOVED = "The bot is no longer in this group."
NO_RIGHTS = "The bot has no right to write in this chat."
UNREACHABLE: Mapping[str, str] = {
    "bot was blocked by the user": "The client has blocked the bot.",
    "user is deactivated": "The client's Telegram account is deleted.",
    "can't initiate conversation": NO_CHAT,
    "chat not found": NO_CHAT,
    "user not found": NO_CHAT,
    "peer_id_invalid": NO_CHAT,
    "group chat was deactivated": "The group is closed.",
    "bot was kicked": REMOVED,
    "bot is not a member": REMOVED,
    "not enough rights": NO_RIGHTS,
    "have no rights": NO_RIGHTS,
    "chat_write_forbidden": NO_RIGHTS,
    "chat_restricted": NO_RIGHTS,
}
GATEWAY = frozenset({502, 504})  # somebody in between gave up: the request may have passed


class NotModified(Rejected):
    """The text is already so: an edit that has nothing to do."""


def refusal(status: int, answer: Mapping[str, Any], *, group: bool) -> DeliveryError:
    """A Bot API answer with `ok: false` → error; `group` is whether the chat is a group."""
    description = str(answer.get("description") or f"error {status}")
    parameters = answer.get("parameters") or {}
    if status == 429:
        after = float(parameters.get("retry_after") or 5)
        return RetryLater("Telegram asks to wait.", after=after, chat_only=group)
    if parameters.get("migrate_to_chat_id"):
        return ChatMoved(str(parameters["migrate_to_chat_id"]))
    if status in {400, 403}:
        return _refused_message(status, description)
    return _refused_account(status, description)


def foreign(status: int) -> DeliveryError:
    """An answer that is no Bot API answer: a proxy, a gateway, somebody else's server."""
    if status == 413:
        return Rejected(TOO_LARGE)
    if 400 <= status < 500:
        return ChannelBroken(NOT_AN_API)
    return OutcomeUnknown(NO_ANSWER)


def no_answer(cause: BaseException | None) -> DeliveryError:
    """The connection failed: before the request left it is safe to repeat, after it is not."""
    if isinstance(cause, InvalidURL):
        return ChannelBroken(NOT_AN_API)
    if isinstance(cause, ClientConnectorError | ConnectionTimeoutError):
        return RetryLater(UNREACHABLE_API, after=5)
    return OutcomeUnknown(NO_ANSWER)


def _refused_message(status: int, description: str) -> DeliveryError:
    lowered = description.lower()
    if "message is not modified" in lowered:
        return NotModified("The text is already so.")
    for words, line in UNREACHABLE.items():
        if words in lowered:
            return RecipientUnreachable(line)
    if status == 403:
        return RecipientUnreachable(f"Telegram does not let the bot write here: {description}")
    return Rejected(f"Telegram refused it: {description}")


def _refused_account(status: int, description: str) -> DeliveryError:
    if status == 401 or (status == 404 and "method" not in description.lower()):
        return ChannelBroken(TOKEN_REFUSED)
    if status == 409:
        return RetryLater(TAKEN, after=10)
    if status == 413:
        return Rejected(TOO_LARGE)
    if status in GATEWAY:
        return OutcomeUnknown(NO_ANSWER)
    if status >= 500:
        return RetryLater("Telegram is out of order at the moment.", after=3)
    return Rejected(f"Telegram refused it: {description}")
