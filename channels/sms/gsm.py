"""Texts as bytes of an SMS and back: GSM 7-bit (a septet per byte) and UCS-2. Pure."""

from __future__ import annotations

from crm_core.dialogs.smscount import ALPHABET, EXTENSION, count

ESCAPE = 0x1B
GSM, LATIN1, UCS2 = 0x00, 0x03, 0x08
SEPTETS = {char: bytes([number]) for number, char in enumerate(ALPHABET)}
SEPTETS |= {char: bytes([ESCAPE, number]) for number, char in EXTENSION.items()}
# Room beside the six bytes that say which part it is.
MORE = {GSM: 153, UCS2: 134}


def encode(text: str) -> tuple[int, list[bytes]]:
    """Data coding, and the text in as many pieces as it needs; no character is torn."""
    counted = count(text)
    coding = GSM if counted.gsm else UCS2
    letters = [SEPTETS[c] if counted.gsm else c.encode("utf-16-be") for c in text]
    if counted.parts <= 1:
        return coding, [b"".join(letters)]
    pieces = [b""]
    for letter in letters:
        if len(pieces[-1]) + len(letter) > MORE[coding]:
            pieces.append(b"")
        pieces[-1] += letter
    return coding, pieces


def decode(coding: int, raw: bytes) -> str:
    """The text of bytes in a data coding; what can't be read becomes a replacement sign."""
    # Classes and compression aside, bits 2 and 3 name the alphabet.
    if coding == UCS2 or (coding & 0xC0 == 0 and coding & 0x0C == 0x08):
        return raw.decode("utf-16-be", "replace")
    if coding == LATIN1:
        return raw.decode("latin-1")
    return _septets(raw)


def _septets(raw: bytes) -> str:
    found, escaped = [], False
    for byte in raw:
        if byte == ESCAPE and not escaped:
            escaped = True
            continue
        plain = ALPHABET[byte] if byte < len(ALPHABET) else "\ufffd"
        found.append(EXTENSION.get(byte, plain) if escaped else plain)
        escaped = False
    return "".join(found)
