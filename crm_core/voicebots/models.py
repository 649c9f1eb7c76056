"""The table of voice bots."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class VoiceBot(Model):
    """A bot that answers calls. `kind` is its transport; secrets inside `config` are encrypted;
    `broken` says why it does not work; `revision` grows with every change."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=120, unique=True)
    config = fields.JSONField[dict[str, object]]()
    active = fields.BooleanField(db_default=True)
    broken = fields.TextField(null=True)
    revision = fields.IntField(db_default=1)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "voice_bot"
