"""What a text costs: the alphabet of GSM 03.38, how many SMS a text takes. Pure."""

from __future__ import annotations

# Characters of one septet; the rest of the alphabet takes two. Everything else is UCS-2.
PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
TWICE = set("^{}\\[~]|€")


def parts(text: str) -> int:
    """How many SMS a text is charged as."""
    if all(char in PLAIN or char in TWICE for char in text):
        units, one, more = sum(2 if char in TWICE else 1 for char in text), 160, 153
    else:
        units, one, more = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if units <= one else -(-units // more)
