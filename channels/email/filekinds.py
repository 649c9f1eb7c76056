"""The type a file's name tells, and a name for a file that has only a type. Pure."""

from __future__ import annotations

import mimetypes


def kind_by_name(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def default_name(mime: str) -> str:
    """A name for a part that has none."""
    if mime == "text/calendar":
        return "invite.ics"
    if mime == "message/rfc822":
        return "message.eml"
    ending = mimetypes.guess_extension(mime) or ".bin"
    return f"part{ending}"
