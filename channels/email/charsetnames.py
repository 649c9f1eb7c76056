"""Names of charsets as mails declare them, and what they mean to Python. Pure."""

from __future__ import annotations

import codecs

# Names under which bytes are sent whose charset the sender did not know.
UNKNOWN = frozenset({"", "unknown-8bit", "x-unknown", "unknown", "none", "default", "8bit", "ansi"})
ALIASES = {
    "win-1251": "cp1251",
    "win1251": "cp1251",
    "windows1251": "cp1251",
    "x-cp1251": "cp1251",
    "cp-1251": "cp1251",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf-8-sig": "utf-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "ks_c_5601-1987": "cp949",
}


def known(declared: str | None) -> str | None:
    """Python's name of a declared charset; None when it means nothing."""
    name = (declared or "").strip().strip("'\"").lower().partition("*")[0]
    if name in UNKNOWN:
        return None
    try:
        found = codecs.lookup(ALIASES.get(name, name))
    except (LookupError, ValueError):
        return None
    # Codecs that do not decode bytes to text (base64, zip) are no charsets.
    return found.name if getattr(found, "_is_text_encoding", True) else None
