"""Tables of clients: the card, contact points, people in companies, requisites, identities in
channels, notes, merges."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core.staff.models import Employee


class Client(Model):
    """A person or company. `merged_into_id` is set while the card is folded into another one.

    `folded` is the name in the form search compares (see clients.rules.fold). `fields` holds the
    company's own fields by key, `roles` what the client is to us. `status_id` (by default the
    default status), `percent` (null: the status asks for nothing) and `standing_due_at`, when time
    alone may change the status, are kept by clients.standing.
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
    roles = fields.JSONField[list[str]](db_default="[]")
    status_id = fields.BigIntField(null=True)
    status_manual = fields.BooleanField(db_default=False)
    percent = fields.SmallIntField(null=True)
    standing_due_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())
    touched_at = fields.DatetimeField(db_default=Now())
    # Last: from here on the name means the column.
    fields = fields.JSONField[dict[str, object]](db_default="{}")

    class Meta:
        table = "client"
        indexes = (Index(fields=("touched_at",), name="client_touched"),)


class ContactPoint(Model):
    """A phone (E.164), mail address or other way to reach a client, normalised once.

    `label` is one of clients.labels.Label or empty; at most one of a kind is `preferred`.
    """

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=True, related_name=False
    )
    kind = fields.CharField(max_length=16)
    value = fields.CharField(max_length=200)
    label = fields.CharField(max_length=16, db_default="")
    preferred = fields.BooleanField(db_default=False)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "contact_point"
        constraints = (
            UniqueConstraint(fields=("kind", "value", "client_id"), name="contact_point_once"),
            UniqueConstraint(
                fields=("client_id", "kind"),
                name="contact_point_preferred",
                condition="preferred",
            ),
        )


class ClientLink(Model):
    """A person who is (was, once `until` is set) a contact person of a company.

    A pair stands together once; at most one of a company's people is its main contact.
    """

    id = fields.BigIntField(primary_key=True)
    company: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=True, related_name=False
    )
    person: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=True, related_name=False
    )
    position = fields.CharField(max_length=120, db_default="")
    is_main = fields.BooleanField(db_default=False)
    since = fields.DateField(null=True)
    until = fields.DateField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "client_link"
        constraints = (
            UniqueConstraint(
                fields=("company_id", "person_id"),
                name="client_link_once",
                condition="until IS NULL",
            ),
            UniqueConstraint(fields=("company_id",), name="client_link_main", condition="is_main"),
        )


class ClientRequisites(Model):
    """Tax numbers and the legal side of a company or sole trader; empty texts are not known."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", db_index=False, related_name=False
    )
    inn = fields.CharField(max_length=12, db_default="")
    kpp = fields.CharField(max_length=9, db_default="")
    ogrn = fields.CharField(max_length=15, db_default="")
    legal_name = fields.CharField(max_length=300, db_default="")
    address = fields.CharField(max_length=300, db_default="")

    class Meta:
        table = "client_requisites"
        indexes = (
            Index(fields=("inn",), name="client_requisites_inn"),
            Index(fields=("ogrn",), name="client_requisites_ogrn"),
        )
        constraints = (UniqueConstraint(fields=("client_id",), name="client_requisites_once"),)


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
