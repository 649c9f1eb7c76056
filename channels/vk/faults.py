"""What VK refuses, in the hub's own errors. Pure; no text here ever holds a token.

Numbers: dev.vk.com/reference/errors, errors.json of vk-api-schema.
"""

from __future__ import annotations

from collections.abc import Mapping

from crm_core.kernel.i18n import N_
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

NOT_AN_API = N_("The VK API address answers, but it is no VK API server: check api_url.")
UNREACHABLE_API = N_("The VK API can't be reached: check the network and api_url.")
NO_ANSWER = N_("No answer from VK: it is not known whether the message was delivered.")
TOO_LARGE = N_("The file is larger than VK takes.")
TOKEN_REFUSED = N_("VK refuses the community's access key: make a new one and set it again.")
NO_RIGHTS = N_(
    "The access key has no right to messages of the community: make one with the rights"
    " “messages”, “photos”, “documents” and “manage”, and switch messages on."
)
NOT_ALLOWED = N_("The client has not allowed (or has forbidden) messages from the community.")

BROKEN: Mapping[int, str] = {
    5: TOKEN_REFUSED,
    7: NO_RIGHTS,
    15: NO_RIGHTS,
    27: TOKEN_REFUSED,
    28: TOKEN_REFUSED,
    203: NO_RIGHTS,
}
UNREACHABLE: Mapping[int, str] = {
    18: N_("The client's VK page is deleted or blocked."),
    900: N_("The client is in the blacklist of the community, or it is in theirs."),
    901: NOT_ALLOWED,
    902: N_("The client's privacy settings do not let the community write to them."),
    917: N_("The community has no access to this chat."),
    927: N_("VK knows no such chat."),
    936: N_("VK knows no such client."),
    945: N_("The chat is closed."),
    950: N_("Too long since the client's last message: VK does not let the community answer."),
    983: N_("Writing in this chat is switched off."),
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
    911: N_("VK does not take the buttons."),
    912: N_(
        "Switch on “Bot abilities” in the community's settings: VK shows no buttons without it."
    ),
    914: N_("The text is longer than VK takes."),
    909: N_("VK does not let this message be changed any more."),
    920: N_("VK does not let messages of this kind be changed."),
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
