"""Voice bots."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0011_mail_form")]

    initial = False

    operations = [
        ops.CreateModel(
            name='VoiceBot',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=32)),
                ('name', fields.CharField(unique=True, max_length=120)),
                ('config', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('active', fields.BooleanField(db_default=True)),
                ('broken', fields.TextField(null=True, unique=False)),
                ('revision', fields.IntField(db_default=1)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'voice_bot', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'A bot that answers calls. `kind` is its transport; secrets inside `config` are encrypted;'},
            bases=['Model'],
        ),
    ]
