"""Tables of statuses and of the rules that give them."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class ClientStatus(Model):
    """A status of clients. `mark` is its colour in chats, `color` (`#RRGGBB`) on pages; `template`
    says what a full card of this status has: a list of {condition, weight}, weights sum to 100."""

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(max_length=40)
    mark = fields.CharField(max_length=8)
    color = fields.CharField(max_length=7)
    template = fields.JSONField[list[dict[str, object]]](db_default="[]")
    position = fields.IntField(db_default=0)
    is_default = fields.BooleanField(db_default=False)
    archived = fields.BooleanField(db_default=False)

    class Meta:
        table = "client_status"
        constraints = (
            UniqueConstraint(
                fields=("is_default",), name="client_status_default", condition="is_default"
            ),
        )


class ClientStatusRule(Model):
    """A client has the status of the first rule, by position, of which all conditions hold."""

    id = fields.BigIntField(primary_key=True)
    status_id = fields.BigIntField()
    conditions = fields.JSONField[list[dict[str, object]]]()
    position = fields.IntField(db_default=0)

    class Meta:
        table = "client_status_rule"
