"""What providers tell too early of a message, and how channel accounts are doing."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_recordings")]

    initial = False

    operations = [
        ops.CreateModel(
            name="EarlyMark",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("channel_id", fields.BigIntField()),
                ("external_id", fields.CharField(max_length=160)),
                ("state", fields.CharField(max_length=16)),
                ("error", fields.TextField(null=True, unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "early_mark", "app": "crm", "indexes": [Index(fields=["channel_id", "external_id"], name="early_mark_part")], "pk_attr": "id", "table_description": "What a provider told of a part (delivered, read, failed) before its own answer to our"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChannelHealth",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("channel_id", fields.BigIntField()),
                ("last_in_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_out_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "channel_health", "app": "crm", "pk_attr": "id", "table_description": "When an account last heard from its provider and last sent something; noted at most every"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MessagePart",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("channel_id", fields.BigIntField()),
                ("sender", fields.CharField(max_length=128)),
                ("ref", fields.IntField()),
                ("total", fields.IntField()),
                ("number", fields.IntField()),
                ("packet", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done", fields.BooleanField(db_default=False)),
            ],
            options={"table": "message_part", "app": "crm", "pk_attr": "id", "table_description": "A piece of a message that comes in several (a long SMS), until all of them are there."},
            bases=["Model"],
        ),
        ops.AddConstraint(
            model_name="MessagePart",
            constraint=UniqueConstraint(fields=("channel_id", "sender", "ref", "total", "number"), name="message_part_once"),
        ),
        ops.AddConstraint(
            model_name="ChannelHealth",
            constraint=UniqueConstraint(fields=("channel_id",), name="channel_health_once"),
        ),
    ]
