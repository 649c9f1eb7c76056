"""What VK refuses, in the hub's own errors. Pure; no text here ever holds a token.

Numbers: dev.vk.com/reference/errors, errors.json of vk-api-schema.
"""

from __future__ import annotations

from collections.abc import Mapping

from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

NOT_AN_API = "The VK API address answers, but it is no VK API server: check api_url."
UNREACHABLE_API = "The VK API can't be reached: check the network and api_url."
NO_ANSWER = "No answer from VK: it is not known whether the message was delivered."
TOO_LARGE = "The file is larger than VK takes."
TOKEN_REFUSED = "VK refuses the community's access key: make a new one and set it again."  # noqa: S105
NO_RIGHTS = (
    "The access key has no right to messages of the community: make one with the rights"
    " “messages”, “photos”, “documents” and “manage”, and switch messages on."
)
NOT_ALLOWED = "The client has not allowed (or has forbidden) messages from the community."

BROKEN: Mapping[int, str] = {
    5: TOKEN_REFUSED,
    7: NO_RIGHTS,
    15: NO_RIGHTS,
    27: TOKEN_REFUSED,
    28: TOKEN_REFUSED,
    203: NO_RIGHTS,
}
UNREACHABLE: Mapping[int, str] = {
    18: "The client's VK page is deleted or blocked.",
    900: "The client is in the blacklist of the community, or it is in theirs.",
    901: NOT_ALLOWED,
    902: "The client's privacy settings do not let the community write to them.",
    917: "The community has no access to this chat.",
    927: "VK knows no such chat.",
    936: "VK knows no such client.",
    945: "The chat is closed.",
    950: "Too long since the client's last message: VK does not let the community answer.",
    983: "Writing in this chat is switched off.",
}
# code → seconds to wait; whether only this chat has to.
SLOWER: Mapping[int, tuple[float, bool]] = {
    1: (5.0, False),
    6: (1.0, False),
    9: (30.0, True),
    10: (5.0, False),
    14: (60.0, False),
    29: (60.0, False),
}
REJECTED: Mapping[int, str] = {
    911: "VK does not take the buttons.",
    912: "Switch on “Bot abilities” in the community's settings: VK shows no buttons without it.",
    914: "The text is longer than VK takes.",
    909: "VK does not let this message be changed any more.",
    920: "VK does not let messages of this kind be changed.",
}


def refusal(code: int, words: str) -> DeliveryError:
    """An error of the API → ours."""
    if code in SLOWER:
        after, chat_only = SLOWER[code]
        return RetryLater("VK asks to wait.", after=after, chat_only=chat_only)
    if code in BROKEN:
        return ChannelBroken(BROKEN[code])
    if code in UNREACHABLE:
        return RecipientUnreachable(UNREACHABLE[code])
    return Rejected(REJECTED.get(code) or f"VK refused it: {words[:200]} ({code})")


def foreign(status: int) -> DeliveryError:
    """An answer that is no API answer: a proxy, a gateway, somebody else's server."""
    if status == 413:
        return Rejected(TOO_LARGE)
    if status == 429:
        return RetryLater("VK asks to wait.", after=5.0)
    if 400 <= status < 500:
        return ChannelBroken(NOT_AN_API)
    return OutcomeUnknown(NO_ANSWER)


def no_answer(*, left: bool) -> DeliveryError:
    """The connection failed before the request had `left` (safe to repeat), or after."""
    return OutcomeUnknown(NO_ANSWER) if left else RetryLater(UNREACHABLE_API, after=5.0)
