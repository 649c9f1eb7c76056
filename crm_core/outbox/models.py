"""The outbox: one row per part on its way out."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Outbox(Model):
    """A part for one chat of one lane (`channel:7` or `bot`).

    `state`: queued, sending, sent, delivered, read, failed, unknown, cancelled. Rows of a chat
    leave in the order of `id`, one at a time; `priority` only orders chats among themselves
    (0 urgent, 9 whenever). `merge_key` lets neighbours become one notice, `slot` names a row
    that a newer one replaces while it still waits.
    """

    id = fields.BigIntField(primary_key=True)
    lane = fields.CharField(max_length=32)
    chat = fields.CharField(max_length=128)
    kind = fields.CharField(max_length=32)
    data = fields.JSONField[dict[str, object]]()
    message_id = fields.BigIntField(null=True)
    priority = fields.SmallIntField(db_default=5)
    merge_key = fields.CharField(max_length=64, null=True)
    slot = fields.CharField(max_length=96, null=True)
    state = fields.CharField(max_length=16, db_default="queued")
    attempts = fields.IntField(db_default=0)
    next_at = fields.DatetimeField()
    error = fields.TextField(null=True)
    external_id = fields.CharField(max_length=160, null=True)
    created_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox"
        constraints = (
            UniqueConstraint(
                fields=("lane", "chat", "slot"), name="outbox_slot", condition="state = 'queued'"
            ),
        )
        indexes = (
            PartialIndex(
                fields=("lane", "chat", "id"), name="outbox_queued", condition={"state": "queued"}
            ),
            PartialIndex(fields=("lane",), name="outbox_sending", condition={"state": "sending"}),
            PartialIndex(fields=("message_id",), name="outbox_message"),
        )


class EarlyMark(Model):
    """What a provider told of a part (delivered, read, failed) before its own answer to our
    request was written down; kept for a day, applied as soon as the part is known."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    external_id = fields.CharField(max_length=160)
    state = fields.CharField(max_length=16)
    error = fields.TextField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "early_mark"
        indexes = (Index(fields=("channel_id", "external_id"), name="early_mark_part"),)
