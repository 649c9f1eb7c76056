"""Tables of clients: the card, contact points, identities in channels, notes, merges."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core.staff.models import Employee


class Client(Model):
    """A person or company. `merged_into_id` is set while the card is folded into another one.

    `folded` is the name in the form search compares (see clients.rules.fold).
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=16, db_default="person")
    name = fields.CharField(max_length=200)
    folded = fields.CharField(max_length=240, db_default="")
    manager: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee",
        null=True,
        db_index=True,
        related_name=False,
        on_delete=fields.SET_NULL,
    )
    merged_into_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField(db_default=Now())
    touched_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "client"
        indexes = (Index(fields=("touched_at",), name="client_touched"),)


class ContactPoint(Model):
    """A phone (E.164), mail address or other way to reach a client, normalised once."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=True, related_name=False
    )
    kind = fields.CharField(max_length=16)
    value = fields.CharField(max_length=200)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "contact_point"
        constraints = (
            UniqueConstraint(fields=("kind", "value", "client_id"), name="contact_point_once"),
        )


class Identity(Model):
    """A client as one channel account knows them."""

    id = fields.BigIntField(primary_key=True)
    channel_id = fields.BigIntField()
    external_id = fields.CharField(max_length=128)
    client: fields.ForeignKeyNullableRelation[Client] = fields.ForeignKeyField(
        "crm.Client", null=True, db_index=True, related_name=False
    )
    name = fields.CharField(max_length=200)
    username = fields.CharField(max_length=64, null=True)
    language = fields.CharField(max_length=8, null=True)
    reachable = fields.BooleanField(db_default=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "identity"
        constraints = (
            UniqueConstraint(fields=("channel_id", "external_id"), name="identity_once"),
        )


class ClientNote(Model):
    """An inner note on a client's card; never leaves the house."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=True, related_name=False
    )
    author_id = fields.BigIntField()
    text = fields.TextField()
    at = fields.DatetimeField()

    class Meta:
        table = "client_note"


class ClientMerge(Model):
    """Which rows a merge moved, so that it can be undone whole.

    `chosen` are values taken over from the folded card: field -> {before, after}.
    """

    id = fields.BigIntField(primary_key=True)
    kept_id = fields.BigIntField(db_index=True)
    gone_id = fields.BigIntField(db_index=True)
    author_id = fields.BigIntField()
    at = fields.DatetimeField()
    moved = fields.JSONField[dict[str, list[int]]]()
    chosen = fields.JSONField[dict[str, dict[str, object]]](db_default="{}")
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "client_merge"
        indexes = (PartialIndex(fields=("at",), name="client_merge_at"),)
