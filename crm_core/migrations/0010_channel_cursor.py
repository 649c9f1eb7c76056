"""Where the reading of a channel stands."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("crm", "0009_channels")]

    initial = False

    operations = [
        ops.CreateModel(
            name='ChannelCursor',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('channel_id', fields.BigIntField()),
                ('name', fields.CharField(max_length=200)),
                ('data', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'channel_cursor', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'Where the reading of an account stands, by name (a mail folder): facts of the channel.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='ChannelCursor',
            constraint=UniqueConstraint(fields=('channel_id', 'name'), name='channel_cursor_once'),
        ),
    ]
