"""What a visitor's file is: by its first bytes, else by its name and declared type. Pure."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePosixPath

from crm_core.dialogs.messages import Kind

# Things that run when opened; everything else is only ever downloaded or drawn.
REFUSED = re.compile(
    r"\.(exe|com|bat|cmd|scr|pif|ms[ip]|jse?|vb[se]|ws[fh]|hta|psm?1|jar|lnk|url|reg|dll|cpl|sys"
    r"|sh|app|apk|x?html?|svg|mht|chm)$"
)
TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
PLAIN = "application/octet-stream"
# What a browser may draw in place; the rest is offered as a download.
INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PLAYED = ("audio/", "video/")


def refused(name: str) -> bool:
    """Whether files of this name are not taken at all."""
    return REFUSED.search(name.lower().rstrip(". ")) is not None


def safe_name(name: str | None) -> str:
    """The last step of a path, without what file systems and headers stumble over."""
    last = re.split(r"[/\\]", name or "")[-1]
    kept = re.sub(r'[\x00-\x1f\x7f"<>|:*?\u202a-\u202e\u2066-\u2069]', "", last).strip(" .")
    if len(kept) > 120:
        tail = PurePosixPath(kept).suffix[:20]
        kept = kept[: 120 - len(tail)] + tail
    return kept or "file"


def classify(name: str, declared: str, sniffed: str) -> tuple[Kind, str]:
    """Kind and type of a file; a picture is one only if it begins like one (`sniffed`)."""
    if sniffed in INLINE:
        return (Kind.ANIMATION if sniffed == "image/gif" else Kind.PHOTO), sniffed
    mime = _claimed(name, declared)
    if mime.startswith("audio/"):
        return Kind.AUDIO, mime
    if mime.startswith("video/"):
        return Kind.VIDEO, mime
    return Kind.DOCUMENT, PLAIN if mime.startswith(("image/", "text/html")) else mime


def _claimed(name: str, declared: str) -> str:
    mime = declared.split(";", maxsplit=1)[0].strip().lower()
    if TYPE.fullmatch(mime) and mime != PLAIN:
        return mime
    return mimetypes.guess_type(name)[0] or PLAIN


def drawn(mime: str) -> bool:
    """Whether a browser may show it in place."""
    return mime in INLINE or mime.startswith(PLAYED)
