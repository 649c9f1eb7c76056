"""Changes that were taken back; the journal by request."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_reports")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Undone',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('event_id', fields.BigIntField(unique=True)),
                ('author_id', fields.BigIntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'undone', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'The fact `event_id` was taken back, or is itself part of an undo: once, by one person.'},
            bases=['Model'],
        ),
        ops.RunSQL(
            "CREATE INDEX event_request ON event (((data ->> 'request_id')::bigint), id)"
            " WHERE data ? 'request_id'",
            reverse_sql="DROP INDEX event_request",
        ),
    ]
