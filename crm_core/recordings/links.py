"""Short-lived signed names of recordings: given only to who was let through, and written down."""

from __future__ import annotations

from datetime import timedelta

from crm_core.kernel import clock, secrets

PURPOSE = "recording"
LIFE = timedelta(minutes=30)


def token(call_id: int, *, life: timedelta = LIFE) -> str:
    """`<call>.<expires>.<signature>`."""
    text = f"{call_id}.{int((clock.now() + life).timestamp())}"
    return f"{text}.{secrets.sign(PURPOSE, text)}"


def call_of(name: str) -> int | None:
    """The call a token is for; None when it is forged or its time is over."""
    text, _dot, signature = name.rpartition(".")
    call, _dot, expires = text.partition(".")
    if not (call.isdecimal() and expires.isdecimal()):
        return None
    if not secrets.verify(PURPOSE, text, signature) or int(expires) < clock.now().timestamp():
        return None
    return int(call)
