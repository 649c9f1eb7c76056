"""Short-lived signed names of attachments: whoever has the link may see that one file."""

from __future__ import annotations

from datetime import timedelta

from crm_core.kernel import clock, db, secrets

PURPOSE = "file"
CONTENT_PURPOSE = "content"
LIFE = timedelta(hours=24)


def link_token(attachment_id: int, *, life: timedelta = LIFE) -> str:
    """`<id>.<expires>.<signature>`, good for `life`."""
    text = f"{attachment_id}.{int((clock.now() + life).timestamp())}"
    return f"{text}.{secrets.sign(PURPOSE, text)}"


def check_token(token: str) -> int | None:
    """The attachment's id; None for a forged or expired token."""
    text, _dot, signature = token.rpartition(".")
    number, _dot, expires = text.partition(".")
    if not (number.isdecimal() and expires.isdecimal()):
        return None
    if not secrets.verify(PURPOSE, text, signature) or int(expires) < clock.now().timestamp():
        return None
    return int(number)


def content_token(sha: str, name: str, *, life: timedelta = LIFE) -> str:
    """`<sha>.<expires>.<signature>`: opens one stored content under one name, for providers."""
    text = f"{sha}.{int((clock.now() + life).timestamp())}"
    return f"{text}.{secrets.sign(CONTENT_PURPOSE, f'{text}.{name}')}"


def check_content_token(token: str, name: str) -> str | None:
    """The SHA-256 of the content; None for a forged or expired token, or another name."""
    text, _dot, signature = token.rpartition(".")
    sha, _dot, expires = text.partition(".")
    if not (sha.isalnum() and expires.isdecimal()):
        return None
    if not secrets.verify(CONTENT_PURPOSE, f"{text}.{name}", signature):
        return None
    return sha if int(expires) >= clock.now().timestamp() else None


async def content_mime(sha: str) -> str | None:
    """What the first bytes of a stored content say it is; None when it is not here."""
    found: str | None = await db.fetchval("SELECT mime FROM stored_file WHERE sha = $1", sha)
    return found


FIND = """
SELECT a.id, a.name, a.mime, a.sha, m.dialog_id FROM attachment a
JOIN message m ON m.id = a.message_id WHERE a.id = $1 AND a.state = 'stored'
"""


async def stored_attachment(attachment_id: int) -> db.Row | None:
    """{id, name, mime, sha, dialog_id} of a file that is here."""
    return await db.fetchrow(FIND, attachment_id)
