"""sendMediaGroup."""

from __future__ import annotations

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.methods.common import send, target
from sandbox.botapi.methods.media import file_content
from sandbox.botapi.state import Json

_KINDS = ("photo", "video", "document", "audio")
_ALONE = ("document", "audio")


@method("sendMediaGroup")
def send_media_group(context: Context) -> list[Json]:
    """2-10 items; documents and audios only among themselves."""
    chat = target(context)
    items = context.params["media"]
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    # The real server's documentation says 2-10; it is kept to the letter here.
    if len(items) < 2:
        raise bad_request("media group must include 2-10 items")
    kinds = {item["type"] for item in items}
    for kind in sorted(kinds):
        if kind not in _KINDS:
            raise bad_request(
                f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup"
            )
        if kind in _ALONE and len(kinds) > 1:
            raise bad_request(f"{kind.capitalize()} can't be mixed with other media types")
    contents = [file_content(context, item["type"], item) for item in items]
    group_id = context.world.next_number()
    return [context.show(send(context, chat, each, group_id=group_id)) for each in contents]
