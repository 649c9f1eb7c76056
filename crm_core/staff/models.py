"""Tables of the staff: employees, their log-in links and API tokens, queues."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Department(Model):
    """A part of the company: whose clients its people may see together."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=120, unique=True)

    class Meta:
        table = "department"


class Employee(Model):
    """A person who works here. `load` counts the open dialogs they hold (claimed by row lock)."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=120)
    role = fields.CharField(max_length=32)
    telegram_id = fields.BigIntField(null=True, unique=True)
    language = fields.CharField(max_length=8, db_default="ru")
    timezone = fields.CharField(max_length=64, db_default="Europe/Moscow")
    phone = fields.CharField(max_length=32, null=True)
    email = fields.CharField(max_length=200, null=True)
    extension = fields.CharField(max_length=32, null=True)
    department: fields.ForeignKeyNullableRelation[Department] = fields.ForeignKeyField(
        "crm.Department",
        null=True,
        db_index=True,
        related_name=False,
        on_delete=fields.SET_NULL,
    )
    active = fields.BooleanField(db_default=True)
    presence = fields.CharField(max_length=16, db_default="off")
    presence_at = fields.DatetimeField(null=True)
    capacity = fields.IntField(db_default=10)
    load = fields.IntField(db_default=0)
    last_assigned_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "employee"


class Invite(Model):
    """A one-time link that binds a Telegram account to an employee; only a hash is kept."""

    id = fields.BigIntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee", db_index=True, related_name=False
    )
    token_hash = fields.CharField(max_length=64, unique=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invite"


class ApiToken(Model):
    """A bearer token of one employee; only a hash is kept."""

    id = fields.BigIntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee", db_index=True, related_name=False
    )
    token_hash = fields.CharField(max_length=64, unique=True)
    title = fields.CharField(max_length=120)
    created_at = fields.DatetimeField(db_default=Now())
    used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_token"


class Queue(Model):
    """A group of people dialogs are given to, and how (`strategy`, see routing.strategies)."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=120, unique=True)
    strategy = fields.CharField(max_length=32, db_default="least_loaded")
    overflow_seconds = fields.IntField(db_default=120)
    is_default = fields.BooleanField(db_default=False)

    class Meta:
        table = "queue"


class QueueMember(Model):
    """Who stands in which queue; `position` is the order of round robin."""

    id = fields.BigIntField(primary_key=True)
    queue: fields.ForeignKeyRelation[Queue] = fields.ForeignKeyField(
        "crm.Queue", db_index=True, related_name=False
    )
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "crm.Employee", db_index=True, related_name=False
    )
    position = fields.IntField(db_default=0)

    class Meta:
        table = "queue_member"
        constraints = (
            UniqueConstraint(fields=("queue_id", "employee_id"), name="queue_member_once"),
        )
