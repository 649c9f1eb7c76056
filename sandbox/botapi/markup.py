"""Rules for reply markup: inline keyboards, reply keyboards, removal, forced replies."""

from __future__ import annotations

from sandbox.botapi.entities.links import checked_url
from sandbox.botapi.errors import bad_request, not_emulated
from sandbox.botapi.state import Chat, Json

_INLINE_TYPES = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_EMULATED_INLINE = frozenset({"callback_data", "url", "web_app", "copy_text"})
_EMULATED_REPLY = frozenset({"request_contact", "request_location", "web_app"})
_REPLY_TYPES = ("request_contact", "request_location", "request_poll", "web_app")
_REPLY_MORE = ("request_users", "request_chat", "request_managed_bot")
_PRIVATE_ONLY = {"request_contact": "Phone number", "request_location": "Location"}
_MAX_BUTTONS = 100
_MAX_ROW = 8


def check_markup(markup: Json | None, chat: Chat, *, inline_only: bool = False) -> Json | None:
    """Return the markup to keep, or None for an empty one; ApiError 400 says what is wrong."""
    if not markup:
        return None
    if inline_only and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        rows = [[_reply_button(each, chat) for each in row] for row in markup["keyboard"]]
        return markup | {"keyboard": rows}
    return markup


def _inline(markup: Json) -> Json | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    if len(buttons) > _MAX_BUTTONS or any(len(row) > _MAX_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for button in buttons:
        _inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    types = [each for each in _INLINE_TYPES if each in button]
    if not types:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(types) > 1:
        raise bad_request("inline keyboard button must have exactly one type")
    if types[0] not in _EMULATED_INLINE:
        raise not_emulated(f"inline keyboard button {types[0]}")
    if types[0] == "callback_data" and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if types[0] == "url" and checked_url(button["url"]) is None:
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )
    if types[0] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{button['web_app']['url']}' is invalid: "
            "Only HTTPS links are allowed"
        )


def _reply_button(button: str | Json, chat: Chat) -> Json:
    body: Json = {"text": button} if isinstance(button, str) else button
    if not body["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    for kind in (*_REPLY_TYPES, *_REPLY_MORE):
        if not body.get(kind):
            continue
        if kind not in _EMULATED_REPLY:
            raise not_emulated(f"keyboard button {kind}")
        if kind in _PRIVATE_ONLY and not chat.is_private:
            raise bad_request(f"{_PRIVATE_ONLY[kind]} can be requested in private chats only")
    return body
