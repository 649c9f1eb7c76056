"""Proposals: pairs of cards that may be one."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class DuplicatePair(Model):
    """Two cards that may be one, the lower id first; `reasons` are keys of `Why`.

    `state` is open, merged or dismissed; `known` are all reasons a person has looked at when they
    dismissed the pair: it comes back only for another one.
    """

    id = fields.BigIntField(primary_key=True)
    low_id = fields.BigIntField()
    high_id = fields.BigIntField()
    score = fields.SmallIntField()
    reasons = fields.JSONField[list[str]]()
    known = fields.JSONField[list[str]](db_default="[]")
    state = fields.CharField(max_length=16, db_default="open")
    found_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.BigIntField(null=True)

    class Meta:
        table = "duplicate_pair"
        constraints = (UniqueConstraint(fields=("low_id", "high_id"), name="duplicate_pair_once"),)
        indexes = (
            Index(fields=("high_id",), name="duplicate_pair_high"),
            PartialIndex(
                fields=("score", "id"), name="duplicate_pair_open", condition={"state": "open"}
            ),
        )
