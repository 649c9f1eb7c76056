"""Contact persons of companies, requisites, labels and preferred ones of contact points."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("crm", "0014_portrait")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ContactPoint",
            name="label",
            field=fields.CharField(db_default="", max_length=16),
        ),
        ops.AddField(
            model_name="ContactPoint",
            name="preferred",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddConstraint(
            model_name="ContactPoint",
            constraint=UniqueConstraint(fields=("client_id", "kind"), name="contact_point_preferred", condition="preferred"),
        ),
        ops.CreateModel(
            name="ClientLink",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("company", fields.ForeignKeyField("crm.Client", source_field="company_id", db_index=True, db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.CASCADE)),
                ("person", fields.ForeignKeyField("crm.Client", source_field="person_id", db_index=True, db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.CASCADE)),
                ("position", fields.CharField(db_default="", max_length=120)),
                ("is_main", fields.BooleanField(db_default=False)),
                ("since", fields.DateField(null=True)),
                ("until", fields.DateField(null=True)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={"table": "client_link", "app": "crm", "pk_attr": "id", "table_description": "A person who is (was, once `until` is set) a contact person of a company."},
            bases=["Model"],
        ),
        ops.AddConstraint(
            model_name="ClientLink",
            constraint=UniqueConstraint(fields=("company_id", "person_id"), name="client_link_once", condition="until IS NULL"),
        ),
        ops.AddConstraint(
            model_name="ClientLink",
            constraint=UniqueConstraint(fields=("company_id",), name="client_link_main", condition="is_main"),
        ),
        ops.CreateModel(
            name="ClientRequisites",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client", fields.ForeignKeyField("crm.Client", source_field="client_id", db_index=False, db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.CASCADE)),
                ("inn", fields.CharField(db_default="", max_length=12)),
                ("kpp", fields.CharField(db_default="", max_length=9)),
                ("ogrn", fields.CharField(db_default="", max_length=15)),
                ("legal_name", fields.CharField(db_default="", max_length=300)),
                ("address", fields.CharField(db_default="", max_length=300)),
            ],
            options={"table": "client_requisites", "app": "crm", "indexes": [Index(fields=["inn"], name="client_requisites_inn"), Index(fields=["ogrn"], name="client_requisites_ogrn")], "pk_attr": "id", "table_description": "Tax numbers and the legal side of a company or sole trader; empty texts are not known."},
            bases=["Model"],
        ),
        ops.AddConstraint(
            model_name="ClientRequisites",
            constraint=UniqueConstraint(fields=("client_id",), name="client_requisites_once"),
        ),
    ]
