"""The company's own fields on cards, statuses with their rules, what counterparties are to us."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

LIVE = "merged_into_id IS NULL"
# Whoever adds a client, by whatever statement, gives them the default status.
UP = (
    """
    CREATE FUNCTION client_default_status() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN (SELECT id FROM client_status WHERE is_default);
    END $$
    """,
    "ALTER TABLE client ALTER COLUMN status_id SET DEFAULT client_default_status()",
    f"CREATE INDEX client_status_touched ON client (status_id, touched_at DESC) WHERE {LIVE}",
    f"CREATE INDEX client_percent ON client (percent, id) WHERE {LIVE}",
    "CREATE INDEX client_standing_due ON client (standing_due_at) WHERE standing_due_at IS NOT NULL",
    "CREATE INDEX client_fields ON client USING gin (fields) WHERE fields <> '{}'::jsonb",
    "CREATE INDEX client_roles ON client USING gin (roles) WHERE roles <> '[]'::jsonb",
)
DOWN = (
    "DROP INDEX client_roles",
    "DROP INDEX client_fields",
    "DROP INDEX client_standing_due",
    "DROP INDEX client_percent",
    "DROP INDEX client_status_touched",
    "ALTER TABLE client ALTER COLUMN status_id DROP DEFAULT",
    "DROP FUNCTION client_default_status",
)


class Migration(migrations.Migration):
    dependencies = [("crm", "0013_catalogues")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FieldDefinition",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("owner", fields.CharField(max_length=32)),
                ("key", fields.CharField(max_length=48)),
                ("title", fields.CharField(max_length=80)),
                ("titles", fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)),
                ("kind", fields.CharField(max_length=16)),
                ("options", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("required", fields.BooleanField(db_default=False)),
                ("position", fields.IntField(db_default=0)),
                ("archived", fields.BooleanField(db_default=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={"table": "field_definition", "app": "crm", "pk_attr": "id", "table_description": "A field on the cards of one kind of things (`owner`: client). Values stand on the owning row"},
            bases=["Model"],
        ),
        ops.AddConstraint(
            model_name="FieldDefinition",
            constraint=UniqueConstraint(fields=("owner", "key"), name="field_definition_once"),
        ),
        ops.CreateModel(
            name="ClientStatus",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("title", fields.CharField(max_length=40)),
                ("mark", fields.CharField(max_length=8)),
                ("color", fields.CharField(max_length=7)),
                ("template", fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
                ("position", fields.IntField(db_default=0)),
                ("is_default", fields.BooleanField(db_default=False)),
                ("archived", fields.BooleanField(db_default=False)),
            ],
            options={"table": "client_status", "app": "crm", "pk_attr": "id", "table_description": "A status of clients. `mark` is its colour in chats, `color` (`#RRGGBB`) on pages; `template`"},
            bases=["Model"],
        ),
        ops.AddConstraint(
            model_name="ClientStatus",
            constraint=UniqueConstraint(fields=("is_default",), name="client_status_default", condition="is_default"),
        ),
        ops.CreateModel(
            name="ClientStatusRule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("status_id", fields.BigIntField()),
                ("conditions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("position", fields.IntField(db_default=0)),
            ],
            options={"table": "client_status_rule", "app": "crm", "pk_attr": "id", "table_description": "A client has the status of the first rule, by position, of which all conditions hold."},
            bases=["Model"],
        ),
        ops.AddField(model_name="Client", name="fields", field=fields.JSONField(db_default="{}", encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField(model_name="Client", name="roles", field=fields.JSONField(db_default="[]", encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField(model_name="Client", name="status_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="Client", name="status_manual", field=fields.BooleanField(db_default=False)),
        ops.AddField(model_name="Client", name="percent", field=fields.SmallIntField(null=True)),
        ops.AddField(model_name="Client", name="standing_due_at", field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.RunSQL(";\n".join(UP), reverse_sql=";\n".join(DOWN)),
    ]
