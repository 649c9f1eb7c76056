"""Tables of the kernel: journal, failed deliveries, timers, settings, command keys, view memory."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class JournalEvent(Model):
    """A fact. Written in the transaction of its cause; `pumped` once handlers were called."""

    id = fields.BigIntField(primary_key=True)
    type = fields.CharField(max_length=64)
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=64)
    client_id = fields.BigIntField(null=True)
    dialog_id = fields.BigIntField(null=True)
    data = fields.JSONField[dict[str, object]]()
    pumped = fields.BooleanField(db_default=False)

    class Meta:
        table = "event"
        indexes = (
            PartialIndex(fields=("id",), name="event_unpumped", condition={"pumped": False}),
            PartialIndex(fields=("client_id", "id"), name="event_client"),
            PartialIndex(fields=("dialog_id", "id"), name="event_dialog"),
        )


class HandlerFailure(Model):
    """An event one handler could not take: retried at `next_at`, then `dead` until replayed."""

    id = fields.BigIntField(primary_key=True)
    event_id = fields.BigIntField()
    handler = fields.CharField(max_length=96)
    attempts = fields.IntField(db_default=1)
    next_at = fields.DatetimeField(null=True)
    error = fields.TextField()
    dead = fields.BooleanField(db_default=False)

    class Meta:
        table = "event_failure"
        constraints = (UniqueConstraint(fields=("event_id", "handler"), name="event_failure_once"),)
        indexes = (PartialIndex(fields=("next_at",), name="event_failure_due"),)


class Timer(Model):
    """Something to do at `due_at`, once; `key` names it so that it can be moved or dropped."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=64)
    key = fields.CharField(max_length=128)
    due_at = fields.DatetimeField(db_index=True)
    data = fields.JSONField[dict[str, object]]()
    attempts = fields.IntField(db_default=0)
    error = fields.TextField(null=True)

    class Meta:
        table = "timer"
        constraints = (UniqueConstraint(fields=("kind", "key"), name="timer_once"),)


class Setting(Model):
    """A company-wide setting."""

    key = fields.CharField(max_length=64, primary_key=True)
    value = fields.JSONField[object]()

    class Meta:
        table = "setting"


class CommandKey(Model):
    """The remembered outcome of a command called with an idempotency key."""

    key = fields.CharField(max_length=200, primary_key=True)
    command = fields.CharField(max_length=64)
    result = fields.JSONField[object](null=True)
    at = fields.DatetimeField(db_default=Now(), db_index=True)

    class Meta:
        table = "command_key"


class ViewMemory(Model):
    """What a screen must remember over restarts (message ids, wizard steps); never a fact."""

    id = fields.BigIntField(primary_key=True)
    view = fields.CharField(max_length=32)
    key = fields.CharField(max_length=128)
    data = fields.JSONField[dict[str, object]]()
    at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "view_memory"
        constraints = (UniqueConstraint(fields=("view", "key"), name="view_memory_once"),)
