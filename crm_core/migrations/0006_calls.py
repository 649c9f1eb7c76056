"""Calls: PBX connections, calls and legs, routing answers, orders, caller rules."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_requests")]

    initial = False

    operations = [
        ops.CreateModel(
            name='CallerRule',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.CharField(unique=True, max_length=64)),
                ('kind', fields.CharField(max_length=16)),
                ('extension', fields.CharField(null=True, max_length=64)),
                ('note', fields.CharField(db_default='', max_length=200)),
                ('author_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'caller_rule', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'A caller who is treated apart: `blocked` hears busy, `vip` goes to `extension` first.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Pbx',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=32)),
                ('name', fields.CharField(unique=True, max_length=120)),
                ('config', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('active', fields.BooleanField(db_default=True)),
                ('hook_secret', fields.CharField(max_length=64)),
                ('broken', fields.TextField(null=True, unique=False)),
                ('revision', fields.IntField(db_default=1)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pbx', 'app': 'crm', 'pk_attr': 'id', 'table_description': "One connected PBX. Secrets inside `config` are encrypted; `state` is the adapter's memory"},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Call',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('pbx', fields.ForeignKeyField('crm.Pbx', source_field='pbx_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(max_length=150)),
                ('direction', fields.CharField(max_length=16)),
                ('state', fields.CharField(max_length=16)),
                ('number', fields.CharField(null=True, max_length=64)),
                ('caller_name', fields.CharField(db_default='', max_length=120)),
                ('did', fields.CharField(null=True, max_length=64)),
                ('queue', fields.CharField(null=True, max_length=80)),
                ('client', fields.ForeignKeyField('crm.Client', source_field='client_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('employee', fields.ForeignKeyField('crm.Employee', source_field='employee_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('outcome', fields.CharField(null=True, max_length=16)),
                ('wait_seconds', fields.FloatField(db_default=0)),
                ('talk_seconds', fields.FloatField(db_default=0)),
                ('hold_seconds', fields.FloatField(db_default=0)),
                ('hung_up_by', fields.CharField(null=True, max_length=16)),
                ('cause', fields.IntField(null=True)),
                ('transfers', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('route', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('recording', fields.TextField(null=True, unique=False)),
                ('part_of', fields.CharField(null=True, max_length=150)),
                ('ordered_by_id', fields.BigIntField(null=True)),
                ('origin', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('seen_in_log', fields.BooleanField(db_default=False)),
                ('version', fields.IntField(db_default=1)),
            ],
            options={'table': 'call', 'app': 'crm', 'constraints': [UniqueConstraint(fields=('pbx_id', 'key'), name='call_once')], 'indexes': [Index(fields=['started_at'], name='call_started'), Index(fields=['number', 'started_at'], name='call_number')], 'pk_attr': 'id', 'table_description': "One call, whatever happened inside it. `key` is the PBX's own id of it (linked id)."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CallLeg',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('call', fields.ForeignKeyField('crm.Call', source_field='call_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(max_length=150)),
                ('extension', fields.CharField(max_length=64)),
                ('employee', fields.ForeignKeyField('crm.Employee', source_field='employee_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('how', fields.CharField(max_length=16)),
                ('rang_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('outcome', fields.CharField(null=True, max_length=16)),
                ('talk_seconds', fields.FloatField(db_default=0)),
                ('hold_seconds', fields.FloatField(db_default=0)),
            ],
            options={'table': 'call_leg', 'app': 'crm', 'constraints': [UniqueConstraint(fields=('call_id', 'key'), name='call_leg_once')], 'pk_attr': 'id', 'table_description': 'One of our phones within a call: rung, spoken with or calling itself.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CallOrder',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('pbx', fields.ForeignKeyField('crm.Pbx', source_field='pbx_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('verb', fields.CharField(max_length=16)),
                ('data', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('call_id', fields.BigIntField(null=True)),
                ('call_key', fields.CharField(null=True, max_length=150)),
                ('actor_id', fields.BigIntField(null=True)),
                ('state', fields.CharField(db_default='queued', max_length=16)),
                ('error', fields.TextField(null=True, unique=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'call_order', 'app': 'crm', 'indexes': [PartialIndex(fields=['pbx_id', 'id'], name='call_order_queued', condition={'state': 'queued'}), PartialIndex(fields=['pbx_id', 'id'], name='call_order_sent', condition={'state': 'sent'}), Index(fields=['pbx_id', 'call_key'], name='call_order_call')], 'pk_attr': 'id', 'table_description': 'Something the PBX is asked to do. `state`: queued, sent, done, failed. An order that was'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CallRoute',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('pbx', fields.ForeignKeyField('crm.Pbx', source_field='pbx_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(max_length=150)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('reason', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'call_route', 'app': 'crm', 'constraints': [UniqueConstraint(fields=('pbx_id', 'key'), name='call_route_once')], 'pk_attr': 'id', 'table_description': 'What was answered when the PBX asked whom to ring, kept until its call is recorded.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='Call',
            constraint=UniqueConstraint(fields=('pbx_id', 'key'), name='call_once'),
        ),
        ops.AddConstraint(
            model_name='CallLeg',
            constraint=UniqueConstraint(fields=('call_id', 'key'), name='call_leg_once'),
        ),
        ops.AddConstraint(
            model_name='CallRoute',
            constraint=UniqueConstraint(fields=('pbx_id', 'key'), name='call_route_once'),
        ),
        ops.RunSQL(
            "CREATE INDEX call_living ON call (pbx_id) WHERE state <> 'ended'",
            reverse_sql="DROP INDEX call_living",
        ),
    ]
