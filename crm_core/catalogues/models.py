"""Tables of catalogues and their items."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Catalogue(Model):
    """A list of words. `kind`: flat, items, groups. `key` names those the code itself knows.

    `classifies`: its items may be put on clients' cards.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=32, null=True, unique=True)
    title = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=16)
    classifies = fields.BooleanField(db_default=False)
    archived = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "catalogue"


class CatalogueItem(Model):
    """An item, or a group (`is_group`) of a catalogue of kind `groups`.

    `position` orders those of one parent. `impact` (channels of advertising) is an
    `impacts.Impact`. Whatever refers to an item keeps it from being deleted.
    """

    id = fields.BigIntField(primary_key=True)
    catalogue: fields.ForeignKeyRelation[Catalogue] = fields.ForeignKeyField(
        "crm.Catalogue", db_index=True, related_name=False, on_delete=fields.RESTRICT
    )
    parent: fields.ForeignKeyNullableRelation[CatalogueItem] = fields.ForeignKeyField(
        "crm.CatalogueItem",
        null=True,
        db_index=True,
        related_name=False,
        on_delete=fields.RESTRICT,
    )
    is_group = fields.BooleanField(db_default=False)
    title = fields.CharField(max_length=120)
    code = fields.CharField(max_length=64, null=True)
    position = fields.IntField(db_default=0)
    impact = fields.CharField(max_length=16, null=True)
    archived = fields.BooleanField(db_default=False)

    class Meta:
        table = "catalogue_item"
        constraints = (
            UniqueConstraint(fields=("catalogue_id", "code"), name="catalogue_item_code"),
        )
