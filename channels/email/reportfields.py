"""Fields of a delivery report: what happened, to whom, why (RFC 3464). Pure."""

from __future__ import annotations

from channels.email import headers


def action_of(fields: dict[str, str]) -> str:
    action = fields.get("action", "").lower().split(" ")[0]
    if action in {"failed", "delayed"}:
        return action
    if action in {"delivered", "relayed", "expanded"}:
        return "delivered"
    return "delayed" if fields.get("status", "").startswith("4") else "failed"


def cause_of(fields: dict[str, str]) -> str:
    """The server's own words: `smtp; 550 5.1.1 no such user`."""
    words = fields.get("diagnostic-code", "").partition(";")[2] or fields.get("diagnostic-code", "")
    return " ".join(words.split()) or fields.get("status", "")


def recipient_of(fields: dict[str, str]) -> str:
    named = fields.get("final-recipient") or fields.get("original-recipient") or ""
    return headers.address_of(named.rpartition(";")[2])


def fields_of(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in text.replace("\r", "").split("\n"):
        if line[:1] in {" ", "\t"} and name:
            found[name] += f" {line.strip()}"
        elif ":" in line:
            name, _colon, value = line.partition(":")
            name = name.strip().lower()
            found.setdefault(name, value.strip())
    return found
