"""Indexes that search stands on: trigrams of names and contact points, words of messages."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {
    "client_folded_trgm": "client USING gin (folded gin_trgm_ops) WHERE merged_into_id IS NULL",
    "contact_point_trgm": "contact_point USING gin (value gin_trgm_ops)",
    "message_words": "message USING gin (to_tsvector('russian', text))",
}


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_constraints")]

    initial = False

    operations = [
        ops.RunSQL(f"CREATE INDEX {name} ON {rest}", reverse_sql=f"DROP INDEX {name}")
        for name, rest in INDEXES.items()
    ]
