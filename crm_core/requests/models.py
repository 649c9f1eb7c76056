"""The table of requests."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Request(Model):
    """Somebody wants something of us. `channel_id` is 0 when no channel account brought it.

    `state`: new (nobody has accepted), accepted, rejected, done; `outcome` of a done one: client,
    deal, dialog, handled. `person` is what the source says of a person; `client_id` the card when
    it is known for sure. `at` is the source's time, `reason` tells why it came to whom it came.

    Three steps are timed: accept, answer, close. `*_by` is until when each is due, `*_work` how
    many seconds of working time it took, `late` names those that crossed their limit.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    source = fields.CharField(max_length=120)
    channel_id = fields.BigIntField(db_default=0)
    external_key = fields.CharField(max_length=160, null=True)
    chat = fields.CharField(max_length=128, null=True)
    client_id = fields.BigIntField(null=True)
    dialog_id = fields.BigIntField(null=True)
    call_id = fields.BigIntField(null=True)
    person = fields.JSONField[dict[str, str]](db_default="{}")
    subject = fields.CharField(max_length=200)
    text = fields.TextField(db_default="")
    items = fields.JSONField[list[dict[str, object]]](db_default="[]")
    amount = fields.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = fields.CharField(max_length=8, null=True)
    campaign = fields.JSONField[dict[str, str]](db_default="{}")
    visit = fields.CharField(max_length=200, null=True)
    page = fields.TextField(null=True)
    recording = fields.TextField(null=True)
    details = fields.JSONField[dict[str, str]](db_default="{}")
    state = fields.CharField(max_length=16, db_default="new")
    outcome = fields.CharField(max_length=16, null=True)
    rejected_for = fields.CharField(max_length=120, null=True)
    comment = fields.TextField(null=True)
    queue_id = fields.BigIntField(null=True)
    responsible_id = fields.BigIntField(null=True)
    author_id = fields.BigIntField(null=True)
    offered_to_id = fields.BigIntField(null=True)
    offered_at = fields.DatetimeField(null=True)
    declined = fields.JSONField[list[int]](db_default="[]")
    reason = fields.JSONField[dict[str, object]](db_default="{}")
    version = fields.IntField(db_default=1)
    at = fields.DatetimeField()
    registered_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    accept_by = fields.DatetimeField(null=True)
    answer_by = fields.DatetimeField(null=True)
    close_by = fields.DatetimeField(null=True)
    accept_work = fields.IntField(null=True)
    answer_work = fields.IntField(null=True)
    close_work = fields.IntField(null=True)
    late = fields.JSONField[list[str]](db_default="[]")

    class Meta:
        table = "request"
        constraints = (
            UniqueConstraint(fields=("channel_id", "external_key"), name="request_once"),
        )
        indexes = (
            PartialIndex(fields=("registered_at",), name="request_new", condition={"state": "new"}),
            PartialIndex(
                fields=("responsible_id", "registered_at"),
                name="request_accepted",
                condition={"state": "accepted"},
            ),
            Index(fields=("client_id", "at", "id"), name="request_client"),
            Index(fields=("closed_at",), name="request_closed"),
            Index(fields=("registered_at",), name="request_registered"),
            Index(fields=("responsible_id", "registered_at"), name="request_responsible"),
        )
