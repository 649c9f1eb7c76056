"""Tables of calls: PBX connections, calls and their legs, routing answers, orders, caller rules."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from crm_core.clients.models import Client
from crm_core.staff.models import Employee


class Pbx(Model):
    """One connected PBX. Secrets inside `config` are encrypted; `state` is the adapter's memory
    (how far the PBX's own log was read); `revision` grows with every change."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=120, unique=True)
    config = fields.JSONField[dict[str, object]]()
    state = fields.JSONField[dict[str, object]](db_default="{}")
    active = fields.BooleanField(db_default=True)
    hook_secret = fields.CharField(max_length=64)
    broken = fields.TextField(null=True)
    revision = fields.IntField(db_default=1)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "pbx"


class Call(Model):
    """One call, whatever happened inside it. `key` is the PBX's own id of it (linked id).

    `number` is the outside party in E.164 where it can be; `part_of` names the call into which
    this one was joined (the asking half of an attended transfer).
    """

    id = fields.BigIntField(primary_key=True)
    pbx: fields.ForeignKeyRelation[Pbx] = fields.ForeignKeyField(
        "crm.Pbx", related_name=False, db_index=False
    )
    key = fields.CharField(max_length=150)
    direction = fields.CharField(max_length=16)
    state = fields.CharField(max_length=16)
    number = fields.CharField(max_length=64, null=True)
    caller_name = fields.CharField(max_length=120, db_default="")
    did = fields.CharField(max_length=64, null=True)
    queue = fields.CharField(max_length=80, null=True)
    client: fields.ForeignKeyNullableRelation[Client] = fields.ForeignKeyField(
        "crm.Client", null=True, db_index=True, related_name=False, on_delete=fields.SET_NULL
    )
    employee: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee", null=True, db_index=True, related_name=False, on_delete=fields.SET_NULL
    )
    started_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=16, null=True)
    wait_seconds = fields.FloatField(db_default=0)
    talk_seconds = fields.FloatField(db_default=0)
    hold_seconds = fields.FloatField(db_default=0)
    hung_up_by = fields.CharField(max_length=16, null=True)
    cause = fields.IntField(null=True)
    transfers = fields.JSONField[list[dict[str, object]]](db_default="[]")
    route = fields.JSONField[dict[str, object]](null=True)
    recording = fields.TextField(null=True)
    part_of = fields.CharField(max_length=150, null=True)
    ordered_by_id = fields.BigIntField(null=True)
    origin = fields.JSONField[dict[str, object]](null=True)
    seen_in_log = fields.BooleanField(db_default=False)
    version = fields.IntField(db_default=1)

    class Meta:
        table = "call"
        constraints = (UniqueConstraint(fields=("pbx_id", "key"), name="call_once"),)
        indexes = (
            Index(fields=("started_at",), name="call_started"),
            Index(fields=("number", "started_at"), name="call_number"),
        )


class CallLeg(Model):
    """One of our phones within a call: rung, spoken with or calling itself."""

    id = fields.BigIntField(primary_key=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "crm.Call", related_name=False, db_index=False
    )
    key = fields.CharField(max_length=150)
    extension = fields.CharField(max_length=64)
    employee: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee", null=True, db_index=True, related_name=False, on_delete=fields.SET_NULL
    )
    how = fields.CharField(max_length=16)
    rang_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=16, null=True)
    talk_seconds = fields.FloatField(db_default=0)
    hold_seconds = fields.FloatField(db_default=0)

    class Meta:
        table = "call_leg"
        constraints = (UniqueConstraint(fields=("call_id", "key"), name="call_leg_once"),)


class CallRoute(Model):
    """What was answered when the PBX asked whom to ring, kept until its call is recorded."""

    id = fields.BigIntField(primary_key=True)
    pbx: fields.ForeignKeyRelation[Pbx] = fields.ForeignKeyField(
        "crm.Pbx", related_name=False, db_index=False
    )
    key = fields.CharField(max_length=150)
    at = fields.DatetimeField(db_index=True)
    reason = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "call_route"
        constraints = (UniqueConstraint(fields=("pbx_id", "key"), name="call_route_once"),)


class CallOrder(Model):
    """Something the PBX is asked to do. `state`: queued, sent, done, failed. An order that was
    not sent by `due_at` fails: nobody's phone rings late."""

    id = fields.BigIntField(primary_key=True)
    pbx: fields.ForeignKeyRelation[Pbx] = fields.ForeignKeyField(
        "crm.Pbx", related_name=False, db_index=False
    )
    verb = fields.CharField(max_length=16)
    data = fields.JSONField[dict[str, object]]()
    call_id = fields.BigIntField(null=True)
    call_key = fields.CharField(max_length=150, null=True)
    actor_id = fields.BigIntField(null=True)
    state = fields.CharField(max_length=16, db_default="queued")
    error = fields.TextField(null=True)
    at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "call_order"
        indexes = (
            PartialIndex(
                fields=("pbx_id", "id"), name="call_order_queued", condition={"state": "queued"}
            ),
            PartialIndex(
                fields=("pbx_id", "id"), name="call_order_sent", condition={"state": "sent"}
            ),
            Index(fields=("pbx_id", "call_key"), name="call_order_call"),
        )


class CallerRule(Model):
    """A caller who is treated apart: `blocked` hears busy, `vip` goes to `extension` first."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)
    kind = fields.CharField(max_length=16)
    extension = fields.CharField(max_length=64, null=True)
    note = fields.CharField(max_length=200, db_default="")
    author_id = fields.BigIntField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "caller_rule"


class CallResult(Model):
    """How a call ended for business: `result` (empty: only a note yet), notes, and when to call
    back (`back_by`: who)."""

    call_id = fields.BigIntField(primary_key=True, generated=False)
    result = fields.CharField(max_length=16, db_default="")
    note = fields.TextField(db_default="")
    employee_id = fields.BigIntField(null=True)
    at = fields.DatetimeField()
    back_at = fields.DatetimeField(null=True)
    back_by = fields.BigIntField(null=True)

    class Meta:
        table = "call_result"
