"""Working time, limits of requests, and what reports read."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0016_duplicates")]

    initial = False

    operations = [
        ops.CreateModel(
            name='WorkCalendar',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=64)),
                ('hours', fields.CharField(max_length=400)),
                ('timezone', fields.CharField(max_length=64)),
                ('country', fields.CharField(max_length=8)),
                ('days', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'work_calendar', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'When one works: `hours` of a week in `timezone`, `country` whose holidays count, and'},
            bases=['Model'],
        ),
        ops.AddField(model_name='Request', name='accept_by', field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField(model_name='Request', name='answer_by', field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField(model_name='Request', name='close_by', field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField(model_name='Request', name='accept_work', field=fields.IntField(null=True)),
        ops.AddField(model_name='Request', name='answer_work', field=fields.IntField(null=True)),
        ops.AddField(model_name='Request', name='close_work', field=fields.IntField(null=True)),
        ops.AddField(model_name='Request', name='late', field=fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
        ops.AddIndex(model_name='Request', index=Index(fields=['registered_at'], name='request_registered')),
        ops.AddIndex(model_name='Request', index=Index(fields=['responsible_id', 'registered_at'], name='request_responsible')),
        ops.AddIndex(model_name='Message', index=Index(fields=['author_id', 'at'], name='message_author')),
        ops.AddIndex(model_name='Dialog', index=Index(fields=['opened_at'], name='dialog_opened')),
    ]
