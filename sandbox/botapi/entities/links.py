"""Link targets inside formatted text: web addresses, users, custom emoji."""

from __future__ import annotations

import re

from sandbox.botapi.entities.units import Entity

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|mailto:|tel:", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?[^/?#:.]+(?:\.[^/?#:.]+)+(?::\d+)?", re.IGNORECASE)


def checked_url(url: str) -> str | None:
    """The address with its scheme and path, None when it is no address."""
    url = url.strip()
    if not _SCHEME.match(url):
        url = f"http://{url}"
    if not url.lower().startswith(("http://", "https://")):
        return url
    host = _HOST.match(url)
    if host is None or re.search(r"\s", url):
        return None
    return f"{url}/" if host.end() == len(url) else url


def link_entity(url: str) -> Entity | None:
    """`text_link` or `text_mention` for a target, without its range; None when it is invalid."""
    mention = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if mention:
        return {"type": "text_mention", "user": {"id": int(mention[1])}}
    checked = checked_url(url)
    return {"type": "text_link", "url": checked} if checked else None
