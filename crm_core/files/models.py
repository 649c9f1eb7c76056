"""Tables of files: each content once, and the attachments of messages."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model


class StoredFile(Model):
    """A content in the store, named by its SHA-256 (hex)."""

    sha = fields.CharField(max_length=64, primary_key=True)
    size = fields.BigIntField()
    mime = fields.CharField(max_length=120)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "stored_file"


class Attachment(Model):
    """A file of a message. `state`: pending (still with the provider), stored, unavailable
    (too large, expired; `reason` says it)."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.BigIntField()
    channel_id = fields.BigIntField(null=True)
    kind = fields.CharField(max_length=16)
    name = fields.CharField(max_length=255)
    mime = fields.CharField(max_length=120)
    size = fields.BigIntField(null=True)
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    duration = fields.IntField(null=True)
    sha = fields.CharField(max_length=64, null=True)
    state = fields.CharField(max_length=16)
    ref = fields.TextField(null=True)
    reason = fields.CharField(max_length=120, null=True)
    attempts = fields.IntField(db_default=0)
    next_at = fields.DatetimeField(null=True)

    class Meta:
        table = "attachment"
        indexes = (
            Index(fields=("message_id", "id"), name="attachment_message"),
            PartialIndex(
                fields=("next_at",), name="attachment_pending", condition={"state": "pending"}
            ),
        )
