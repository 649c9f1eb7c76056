"""Departments of the staff."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0020_undo")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Department',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=120)),
            ],
            options={'table': 'department', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'A part of the company: whose clients its people may see together.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Employee',
            name='department',
            field=fields.ForeignKeyField('crm.Department', source_field='department_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        # Adding a field leaves its index out.
        ops.RunSQL(
            "CREATE INDEX employee_department ON employee (department_id)",
            reverse_sql="DROP INDEX employee_department",
        ),
    ]
