"""How a kept file may be shown by a browser: safe kinds inline, everything else as a download."""

from __future__ import annotations

from urllib.parse import quote

INLINE = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "video/mp4",
        "video/webm",
        "application/pdf",
    }
)


def serving_headers(name: str, mime: str) -> dict[str, str]:
    """Headers under which a stranger's file harms nobody: sandboxed, no sniffing, RFC 5987 name."""
    inline = mime in INLINE
    disposition = "inline" if inline else "attachment"
    plain = "".join(char if char.isascii() and char.isalnum() else "_" for char in name)[-80:]
    return {
        "Content-Type": mime if inline else "application/octet-stream",
        "Content-Disposition": (
            f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
    }
