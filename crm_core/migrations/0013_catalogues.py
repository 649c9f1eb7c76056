"""Catalogues, what clients are classified by, and how they first came to us."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

# Reasons of rejection were a list under a setting: a list somebody has kept becomes items.
CARRY = (
    """
    WITH made AS (
      INSERT INTO catalogue (key, title, kind)
      SELECT 'reject_reason', 'Reasons of rejection', 'flat'
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'request.reasons') RETURNING id)
    INSERT INTO catalogue_item (catalogue_id, title, position)
    SELECT made.id, kept.title, kept.place FROM made, setting s,
      jsonb_array_elements_text(s.value) WITH ORDINALITY AS kept(title, place)
    WHERE s.key = 'request.reasons'
    """,
    "DELETE FROM setting WHERE key = 'request.reasons'",
)
CARRY_BACK = (
    "INSERT INTO setting (key, value)"
    " SELECT 'request.reasons', jsonb_agg(i.title ORDER BY i.position, i.id)"
    " FROM catalogue_item i JOIN catalogue c ON c.id = i.catalogue_id"
    " WHERE c.key = 'reject_reason' AND NOT i.archived HAVING count(*) > 0"
)


class Migration(migrations.Migration):
    dependencies = [("crm", "0012_voicebots")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Catalogue',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(null=True, unique=True, max_length=32)),
                ('title', fields.CharField(max_length=120)),
                ('kind', fields.CharField(max_length=16)),
                ('classifies', fields.BooleanField(db_default=False)),
                ('archived', fields.BooleanField(db_default=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'catalogue', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'A list of words. `kind`: flat, items, groups. `key` names those the code itself knows.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CatalogueItem',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('catalogue', fields.ForeignKeyField('crm.Catalogue', source_field='catalogue_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('parent', fields.ForeignKeyField('crm.CatalogueItem', source_field='parent_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('is_group', fields.BooleanField(db_default=False)),
                ('title', fields.CharField(max_length=120)),
                ('code', fields.CharField(null=True, max_length=64)),
                ('position', fields.IntField(db_default=0)),
                ('impact', fields.CharField(null=True, max_length=16)),
                ('archived', fields.BooleanField(db_default=False)),
            ],
            options={'table': 'catalogue_item', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'An item, or a group (`is_group`) of a catalogue of kind `groups`.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='CatalogueItem',
            constraint=UniqueConstraint(fields=('catalogue_id', 'code'), name='catalogue_item_code'),
        ),
        ops.CreateModel(
            name='ClientItem',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('client', fields.ForeignKeyField('crm.Client', source_field='client_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('item', fields.ForeignKeyField('crm.CatalogueItem', source_field='item_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('author_id', fields.BigIntField(null=True)),
            ],
            options={'table': 'client_item', 'app': 'crm', 'pk_attr': 'id', 'table_description': "An item of a catalogue stands on a client's card: a group, an industry, a region."},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='ClientItem',
            constraint=UniqueConstraint(fields=('client_id', 'item_id'), name='client_item_once'),
        ),
        ops.CreateModel(
            name='PrimaryInterest',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('client', fields.ForeignKeyField('crm.Client', source_field='client_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('item', fields.ForeignKeyField('crm.CatalogueItem', source_field='item_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('source', fields.CharField(db_default='', max_length=200)),
                ('source_client_id', fields.BigIntField(null=True)),
                ('request_id', fields.BigIntField(null=True)),
                ('author_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'primary_interest', 'app': 'crm', 'pk_attr': 'id', 'table_description': 'How a client first came to us: the channel of advertising and the exact source.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='PrimaryInterest',
            constraint=UniqueConstraint(fields=('client_id',), name='primary_interest_once'),
        ),
        ops.RunSQL(";\n".join(CARRY), reverse_sql=CARRY_BACK),
    ]
