"""Recordings of calls, who has listened to them, and how calls ended for business."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0006_calls")]

    initial = False

    operations = [
        ops.CreateModel(
            name='CallRecording',
            fields=[
                ('call_id', fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('pbx_id', fields.BigIntField(null=True)),
                ('source', fields.TextField(unique=False)),
                ('state', fields.CharField(max_length=16)),
                ('sha', fields.CharField(null=True, max_length=64)),
                ('original_sha', fields.CharField(null=True, max_length=64)),
                ('size', fields.BigIntField(null=True)),
                ('duration_ms', fields.BigIntField(null=True)),
                ('bars', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('reason', fields.CharField(null=True, max_length=120)),
                ('seen', fields.BigIntField(null=True)),
                ('attempts', fields.IntField(db_default=0)),
                ('next_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('queue', fields.CharField(null=True, max_length=80)),
            ],
            options={'table': 'call_recording', 'app': 'crm', 'indexes': [PartialIndex(fields=['next_at'], name='call_recording_due', condition={'state': 'pending'}), PartialIndex(fields=['made_at'], name='call_recording_kept', condition={'state': 'stored'})], 'pk_attr': 'call_id', 'table_description': 'The recording of a call. `state`: pending (still at the PBX), stored, unavailable'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CallResult',
            fields=[
                ('call_id', fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('result', fields.CharField(db_default='', max_length=16)),
                ('note', fields.TextField(db_default='', unique=False)),
                ('employee_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('back_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('back_by', fields.BigIntField(null=True)),
            ],
            options={'table': 'call_result', 'app': 'crm', 'pk_attr': 'call_id', 'table_description': 'How a call ended for business: `result` (empty: only a note yet), notes, and when to call'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecordingAccess',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('call_id', fields.BigIntField()),
                ('actor', fields.CharField(max_length=64)),
                ('employee_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recording_access', 'app': 'crm', 'indexes': [Index(fields=['call_id', 'at'], name='recording_access_call')], 'pk_attr': 'id', 'table_description': 'Somebody has listened to a recording.'},
            bases=['Model'],
        ),
    ]
