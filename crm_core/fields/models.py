"""The table of fields the company has thought of."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class FieldDefinition(Model):
    """A field on the cards of one kind of things (`owner`: client). Values stand on the owning row
    under `key`, which never changes, nor does `kind`; so renaming loses nothing. `titles` holds the
    title in other languages, `options` a list of {key, title, archived}."""

    id = fields.BigIntField(primary_key=True)
    owner = fields.CharField(max_length=32)
    key = fields.CharField(max_length=48)
    title = fields.CharField(max_length=80)
    titles = fields.JSONField[dict[str, str]](db_default="{}")
    kind = fields.CharField(max_length=16)
    options = fields.JSONField[list[dict[str, object]]](db_default="[]")
    required = fields.BooleanField(db_default=False)
    position = fields.IntField(db_default=0)
    archived = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "field_definition"
        constraints = (UniqueConstraint(fields=("owner", "key"), name="field_definition_once"),)
