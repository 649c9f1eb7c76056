"""Requests: applications from forms, lead services, orders, missed calls, or taken by hand."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [('crm', '0004_client_words')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Request',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=16)),
                ('source', fields.CharField(max_length=120)),
                ('channel_id', fields.BigIntField(db_default=0)),
                ('external_key', fields.CharField(null=True, max_length=160)),
                ('chat', fields.CharField(null=True, max_length=128)),
                ('client_id', fields.BigIntField(null=True)),
                ('dialog_id', fields.BigIntField(null=True)),
                ('call_id', fields.BigIntField(null=True)),
                ('person', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('subject', fields.CharField(max_length=200)),
                ('text', fields.TextField(db_default='', unique=False)),
                ('items', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('amount', fields.DecimalField(null=True, max_digits=18, decimal_places=2)),
                ('currency', fields.CharField(null=True, max_length=8)),
                ('campaign', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('visit', fields.CharField(null=True, max_length=200)),
                ('page', fields.TextField(null=True, unique=False)),
                ('recording', fields.TextField(null=True, unique=False)),
                ('details', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharField(db_default='new', max_length=16)),
                ('outcome', fields.CharField(null=True, max_length=16)),
                ('rejected_for', fields.CharField(null=True, max_length=120)),
                ('comment', fields.TextField(null=True, unique=False)),
                ('queue_id', fields.BigIntField(null=True)),
                ('responsible_id', fields.BigIntField(null=True)),
                ('author_id', fields.BigIntField(null=True)),
                ('offered_to_id', fields.BigIntField(null=True)),
                ('offered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('declined', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('reason', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(db_default=1)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('registered_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('accepted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'request', 'app': 'crm', 'indexes': [PartialIndex(fields=['registered_at'], name='request_new', condition={'state': 'new'}), PartialIndex(fields=['responsible_id', 'registered_at'], name='request_accepted', condition={'state': 'accepted'}), Index(fields=['client_id', 'at', 'id'], name='request_client'), Index(fields=['closed_at'], name='request_closed')], 'pk_attr': 'id', 'table_description': 'Somebody wants something of us. `channel_id` is 0 when no channel account brought it.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='Request',
            constraint=UniqueConstraint(fields=('channel_id', 'external_key'), name='request_once'),
        ),
    ]
