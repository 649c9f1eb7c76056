"""Tables of channel accounts and of the raw events providers sent to them."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core.staff.models import Queue


class ChannelAccount(Model):
    """One account of a channel. Secrets inside `config` are encrypted; `broken` says why it
    does not work; `revision` grows with every change so that runners notice."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=120, unique=True)
    config = fields.JSONField[dict[str, object]]()
    active = fields.BooleanField(db_default=True)
    hook_secret = fields.CharField(max_length=64)
    queue: fields.ForeignKeyNullableRelation[Queue] = fields.ForeignKeyField(
        "crm.Queue", null=True, db_index=True, related_name=False, on_delete=fields.SET_NULL
    )
    broken = fields.TextField(null=True)
    revision = fields.IntField(db_default=1)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "channel"


class ChannelCursor(Model):
    """Where the reading of an account stands, by name (a mail folder): facts of the channel."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    name = fields.CharField(max_length=200)
    data = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "channel_cursor"
        constraints = (UniqueConstraint(fields=("channel_id", "name"), name="channel_cursor_once"),)


class RawEvent(Model):
    """What a provider sent, under its own key. `state`: new (not handled yet), done, failed
    (kept for replay). `channel_id` 0 is the managers' bot."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    key = fields.CharField(max_length=200)
    received_at = fields.DatetimeField()
    body = fields.JSONField[object](null=True)
    blob = fields.BinaryField(null=True)
    state = fields.CharField(max_length=16)
    error = fields.TextField(null=True)

    class Meta:
        table = "raw_event"
        constraints = (UniqueConstraint(fields=("channel_id", "key"), name="raw_event_once"),)
        indexes = (
            PartialIndex(fields=("id",), name="raw_event_failed", condition={"state": "failed"}),
            PartialIndex(fields=("id",), name="raw_event_new", condition={"state": "new"}),
        )


class ChannelHealth(Model):
    """When an account last heard from its provider and last sent something; noted at most every
    few seconds."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    last_in_at = fields.DatetimeField(null=True)
    last_out_at = fields.DatetimeField(null=True)

    class Meta:
        table = "channel_health"
        constraints = (UniqueConstraint(fields=("channel_id",), name="channel_health_once"),)


class MessagePart(Model):
    """A piece of a message that comes in several (a long SMS), until all of them are there.

    `ref` is the sender's number of the message, used again sooner or later; `done` once the
    message was handed on, kept a day for pieces that come twice.
    """

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    sender = fields.CharField(max_length=128)
    ref = fields.IntField()
    total = fields.IntField()
    number = fields.IntField()
    packet = fields.BinaryField()
    at = fields.DatetimeField()
    done = fields.BooleanField(db_default=False)

    class Meta:
        table = "message_part"
        constraints = (
            UniqueConstraint(
                fields=("channel_id", "sender", "ref", "total", "number"), name="message_part_once"
            ),
        )
