"""What comes with messages: files to be fetched, phones and mails with consent."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.clients.rules import normalize_email, normalize_phone
from crm_core.dialogs.messages import FileRef
from crm_core.kernel import clock, db, wake
from routing.inbound.shapes import Placed

TOPIC = "files"

INSERT = """
INSERT INTO attachment (message_id, channel_id, kind, name, mime, size, width, height, duration,
  ref, state, reason, next_at)
SELECT m, c, k, n, t, s, w, h, d, r,
  CASE WHEN u IS NULL THEN 'pending' ELSE 'unavailable' END, u,
  CASE WHEN u IS NULL THEN $12::timestamptz END
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[],
  $7::int[], $8::int[], $9::int[], $10::text[], $11::text[]) AS x(m, c, k, n, t, s, w, h, d, r, u)
"""
POINTS = """
INSERT INTO contact_point (client_id, kind, value)
SELECT c, k, v FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u(c, k, v)
ON CONFLICT (kind, value, client_id) DO NOTHING
"""


async def keep(placed: Sequence[Placed]) -> None:
    """Rows for the files and contact points of the messages."""
    await files([(one.id, one.channel_id, file) for one in placed for file in one.message.files])
    points = [point for one in placed for point in _points(one)]
    if points:
        clients, kinds, values = zip(*sorted(set(points)), strict=True)
        await db.execute(POINTS, list(clients), list(kinds), list(values))


async def files(found: Sequence[tuple[int, int, FileRef]]) -> None:
    """Rows for files of messages: (message id, channel id, file)."""
    if not found:
        return
    await db.execute(
        INSERT,
        [message for message, _, _ in found],
        [channel for _, channel, _ in found],
        [file.kind.value for _, _, file in found],
        [_name(file) for _, _, file in found],
        [(file.mime or "application/octet-stream")[:120] for _, _, file in found],
        [file.size for _, _, file in found],
        [file.width for _, _, file in found],
        [file.height for _, _, file in found],
        [file.duration for _, _, file in found],
        [file.ref for _, _, file in found],
        [file.unavailable for _, _, file in found],
        clock.now(),
    )
    await wake.notify(TOPIC)


def _name(file: FileRef) -> str:
    """A bare file name: no folders, no NUL."""
    name = (file.name or file.kind.value).replace("\0", "").replace("\\", "/")
    return name.rsplit("/", 1)[-1][-255:] or file.kind.value


def _points(one: Placed) -> list[tuple[int, str, str]]:
    sender, contact = one.message.sender, one.message.contact
    phones = [sender.phone, contact.phone if contact and contact.own else None]
    found = [("phone", normalize_phone(phone)) for phone in phones if phone]
    if sender.email:
        found.append(("email", normalize_email(sender.email)))
    return [(one.dialog.client_id, kind, value) for kind, value in found if value]
