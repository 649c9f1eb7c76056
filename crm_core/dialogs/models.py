"""Tables of dialogs: the dialog, its messages, their ids with providers, quick replies."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Dialog(Model):
    """A conversation with one client in one chat of one channel account.

    `state`: waiting (nobody has accepted), open, snoozed, closed. `offered_to` is who is asked
    at present (null while everyone of the queue is). `reason` tells why it came to whom it came.
    At most one dialog per chat is not closed.
    """

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    chat = fields.CharField(max_length=128)
    identity_id = fields.BigIntField(db_index=True)
    client_id = fields.BigIntField(db_index=True)
    queue_id = fields.BigIntField(null=True)
    state = fields.CharField(max_length=16)
    assignee_id = fields.BigIntField(null=True)
    offered_to_id = fields.BigIntField(null=True)
    offered_at = fields.DatetimeField(null=True)
    declined = fields.JSONField[list[int]](db_default="[]")
    reason = fields.JSONField[dict[str, object]](db_default="{}")
    version = fields.IntField(db_default=1)
    opened_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    snooze_until = fields.DatetimeField(null=True)
    last_at = fields.DatetimeField()
    last_inbound_at = fields.DatetimeField(null=True)
    unanswered_since = fields.DatetimeField(null=True)
    summary = fields.TextField(null=True)
    context = fields.JSONField[dict[str, object]](db_default="{}")

    class Meta:
        table = "dialog"
        constraints = (
            UniqueConstraint(
                fields=("channel_id", "chat"), name="dialog_one_live", condition="state <> 'closed'"
            ),
        )
        indexes = (
            PartialIndex(
                fields=("queue_id", "opened_at"),
                name="dialog_waiting",
                condition={"state": "waiting"},
            ),
            PartialIndex(
                fields=("assignee_id", "last_at"), name="dialog_open", condition={"state": "open"}
            ),
            Index(fields=("client_id", "last_at"), name="dialog_client"),
            Index(fields=("opened_at",), name="dialog_opened"),
        )


class Message(Model):
    """One message of a dialog. `direction`: in, out, note (never leaves). `status` of an
    outgoing one: queued, sent, delivered, read, failed, unknown. `at` is the provider's time."""

    id = fields.BigIntField(primary_key=True)
    dialog_id = fields.BigIntField()
    client_id = fields.BigIntField()
    direction = fields.CharField(max_length=8)
    kind = fields.CharField(max_length=16)
    text = fields.TextField(db_default="")
    entities = fields.JSONField[list[dict[str, object]]](db_default="[]")
    extra = fields.JSONField[dict[str, object]](db_default="{}")
    author_id = fields.BigIntField(null=True)
    reply_to_id = fields.BigIntField(null=True)
    album = fields.CharField(max_length=64, null=True)
    status = fields.CharField(max_length=16, null=True)
    at = fields.DatetimeField()
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)

    class Meta:
        table = "message"
        constraints = (
            UniqueConstraint(
                fields=("dialog_id", "direction", "album"),
                name="message_album",
                condition="album IS NOT NULL",
            ),
        )
        indexes = (
            Index(fields=("dialog_id", "at", "id"), name="message_dialog"),
            Index(fields=("client_id", "at", "id"), name="message_client"),
            Index(fields=("author_id", "at"), name="message_author"),
        )


class MessageRef(Model):
    """A provider's id of a message; several for an album or a long text. The unique key is
    where a message that comes twice ends."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    external_id = fields.CharField(max_length=160)
    message_id = fields.BigIntField(db_index=True)

    class Meta:
        table = "message_ref"
        constraints = (
            UniqueConstraint(fields=("channel_id", "external_id"), name="message_ref_once"),
        )


class QuickReply(Model):
    """A prepared answer with placeholders; `files` are attachments kept in the store:
    a list of {sha, name, mime, size, kind}."""

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(max_length=80)
    text = fields.TextField()
    files = fields.JSONField[list[dict[str, object]]](db_default="[]")
    owner_id = fields.BigIntField(null=True)
    position = fields.IntField(db_default=0)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "quick_reply"
