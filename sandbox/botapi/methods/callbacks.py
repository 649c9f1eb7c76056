"""answerCallbackQuery."""

from __future__ import annotations

from sandbox.botapi.context import Context, method
from sandbox.botapi.entities import utf16_length
from sandbox.botapi.errors import bad_request
from sandbox.botapi.press import answer_callback

_MAX_TEXT = 200


@method("answerCallbackQuery")
def answer_callback_query(context: Context) -> bool:
    if utf16_length(context.get("text", "")) > _MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    keys = ("text", "show_alert", "url")
    answer = {key: context.params[key] for key in keys if context.get(key)}
    answer_callback(context.world, context.bot.id, context.params["callback_query_id"], answer)
    return True
