"""Which changes were taken back."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Undone(Model):
    """The fact `event_id` was taken back, or is itself part of an undo: once, by one person."""

    id = fields.BigIntField(primary_key=True)
    event_id = fields.BigIntField(unique=True)
    author_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "undone"
