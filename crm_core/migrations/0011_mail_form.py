"""Templates of forms that come by mail."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("crm", "0010_channel_cursor")]

    initial = False

    operations = [
        ops.CreateModel(
            name='MailForm',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('channel_id', fields.BigIntField(null=True)),
                ('title', fields.CharField(max_length=120)),
                ('sender', fields.CharField(db_default='', max_length=254)),
                ('subject', fields.CharField(db_default='', max_length=200)),
                ('template', fields.TextField(unique=False)),
                ('active', fields.BooleanField(db_default=True)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'mail_form', 'app': 'crm', 'pk_attr': 'id', 'table_description': "A form whose answers come by mail. `sender` (an address or `@domain`) and `subject` (words"},
            bases=['Model'],
        ),
    ]
