"""Tables of classification: items on clients' cards, primary interests."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core.catalogues.models import CatalogueItem
from crm_core.clients.models import Client


class ClientItem(Model):
    """An item of a catalogue stands on a client's card: a group, an industry, a region."""

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", related_name=False
    )
    item: fields.ForeignKeyRelation[CatalogueItem] = fields.ForeignKeyField(
        "crm.CatalogueItem", db_index=True, related_name=False, on_delete=fields.RESTRICT
    )
    at = fields.DatetimeField()
    author_id = fields.BigIntField(null=True)

    class Meta:
        table = "client_item"
        constraints = (UniqueConstraint(fields=("client_id", "item_id"), name="client_item_once"),)


class PrimaryInterest(Model):
    """How a client first came to us: the channel of advertising and the exact source.

    `source` in words; `source_client_id` when a client recommended us; `request_id` when a
    request told it by itself.
    """

    id = fields.BigIntField(primary_key=True)
    client: fields.ForeignKeyRelation[Client] = fields.ForeignKeyField(
        "crm.Client", related_name=False
    )
    item: fields.ForeignKeyRelation[CatalogueItem] = fields.ForeignKeyField(
        "crm.CatalogueItem", db_index=True, related_name=False, on_delete=fields.RESTRICT
    )
    source = fields.CharField(max_length=200, db_default="")
    source_client_id = fields.BigIntField(null=True)
    request_id = fields.BigIntField(null=True)
    author_id = fields.BigIntField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "primary_interest"
        constraints = (UniqueConstraint(fields=("client_id",), name="primary_interest_once"),)
