"""Duplicates: proposals, what candidates are found by, and which cards are to be looked at."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index, PartialIndex
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

# Coarser than the rules, so that whatever they may call one is found by an equal key: consonants
# alone, voiced as voiceless; a name of one word also with each of its consonants left out; a name
# of three words also by every word with the first letters of the others, under which a whole name
# finds those with initials, and they both (`asked`: the keys to look for, not those to keep).
KEYS = """
CREATE FUNCTION client_name_keys(folded text, asked boolean DEFAULT false) RETURNS SETOF bigint
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    words text[] := string_to_array(folded, ' ');
    bones text;
    others text;
    initials boolean := folded ~ '(^| )[^ ]( |$)';
    i int;
BEGIN
    SELECT string_agg(bone, '' ORDER BY bone COLLATE "C") INTO bones FROM (
        SELECT regexp_replace(translate(regexp_replace(w, '(?<=.)[аеиоуыэюя]', '', 'g'),
            'бвгджзщ', 'пфктшсш'), '(.)\\1+', '\\1', 'g') AS bone FROM unnest(words) AS u(w)) AS b;
    IF length(bones) < 2 THEN
        RETURN;
    END IF;
    RETURN NEXT hashtextextended(bones, 1);
    IF cardinality(words) = 1 AND length(bones) BETWEEN 4 AND 12 THEN
        FOR i IN 1..length(bones) LOOP
            RETURN NEXT hashtextextended(overlay(bones PLACING '' FROM i FOR 1), 1);
        END LOOP;
    ELSIF cardinality(words) = 3 THEN
        FOR i IN 1..3 LOOP
            IF length(words[i]) > 3 THEN
                SELECT string_agg(left(w, 1), '' ORDER BY left(w, 1) COLLATE "C") INTO others
                FROM unnest(words) WITH ORDINALITY AS u(w, n) WHERE n <> i;
                others := words[i] || ' ' || others;
                IF asked OR initials THEN
                    RETURN NEXT hashtextextended(others, 3);
                END IF;
                IF asked = initials THEN
                    RETURN NEXT hashtextextended(others, 2);
                END IF;
            END IF;
        END LOOP;
    END IF;
END $$
"""
COARSE = (
    "translate(split_part(split_part(value, '@', 1), '+', 1), '.-', '')"
    " || '@' || split_part(value, '@', 2)"
)
DOMAIN = "split_part(value, '@', 2)"
DIGITS = "regexp_replace(value, '[^0-9]', '', 'g')"
# Not by `kind`: the planner would read all rows of a kind by the key that begins with it.
MAILS, OTHERS = "position('@' IN value) > 0", "kind <> 'phone' AND position('@' IN value) = 0"

# `client_due` has no unique key: two transactions that touch the same card must not wait for each
# other here. What is written in a transaction is looked at once it has committed.
UP = (
    KEYS,
    "CREATE TABLE client_name_key (client_id bigint NOT NULL, key bigint NOT NULL)",
    "CREATE TABLE client_due (id bigserial PRIMARY KEY, client_id bigint NOT NULL,"
    " later boolean NOT NULL DEFAULT false)",
    "INSERT INTO client_name_key (client_id, key)"
    " SELECT DISTINCT c.id, k FROM client c, client_name_keys(c.folded) AS k WHERE k IS NOT NULL",
    "INSERT INTO client_due (client_id, later)"
    " SELECT id, true FROM client WHERE merged_into_id IS NULL ORDER BY id",
    "CREATE INDEX client_name_key_key ON client_name_key (key, client_id)",
    "CREATE INDEX client_name_key_client ON client_name_key (client_id)",
    "CREATE INDEX client_due_order ON client_due (later, id)",
    f"CREATE INDEX contact_point_box ON contact_point (({COARSE})) WHERE {MAILS}",
    f"CREATE INDEX contact_point_domain ON contact_point (({DOMAIN})) WHERE {MAILS}",
    f"CREATE INDEX contact_point_inn ON contact_point (({DIGITS})) WHERE {OTHERS}",
    "CREATE INDEX identity_external ON identity (external_id)",
    """
    CREATE FUNCTION client_key_many() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO client_name_key (client_id, key)
        SELECT DISTINCT f.id, k FROM fresh f, client_name_keys(f.folded) AS k
        WHERE k IS NOT NULL;
        INSERT INTO client_due (client_id) SELECT id FROM fresh;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION client_key_one() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM client_name_key WHERE client_id = NEW.id;
        INSERT INTO client_name_key (client_id, key)
        SELECT DISTINCT NEW.id, k FROM client_name_keys(NEW.folded) AS k
        WHERE k IS NOT NULL;
        INSERT INTO client_due (client_id) VALUES (NEW.id);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION client_due_many() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO client_due (client_id)
        SELECT DISTINCT client_id FROM fresh WHERE client_id IS NOT NULL;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION client_due_old() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.client_id IS NOT NULL THEN
            INSERT INTO client_due (client_id) VALUES (OLD.client_id);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION client_due_new() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.client_id IS NOT NULL THEN
            INSERT INTO client_due (client_id) VALUES (NEW.client_id);
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER client_keyed AFTER INSERT ON client REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION client_key_many()",
    "CREATE TRIGGER client_rekeyed AFTER UPDATE OF folded ON client FOR EACH ROW"
    " WHEN (OLD.folded IS DISTINCT FROM NEW.folded) EXECUTE FUNCTION client_key_one()",
    *(
        statement
        for table in ("contact_point", "identity")
        for statement in (
            f"CREATE TRIGGER {table}_due AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION client_due_many()",
            f"CREATE TRIGGER {table}_moved AFTER UPDATE OF client_id ON {table} FOR EACH ROW"
            " WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id)"
            " EXECUTE FUNCTION client_due_new()",
        )
    ),
    "CREATE TRIGGER contact_point_gone AFTER DELETE ON contact_point FOR EACH ROW"
    " EXECUTE FUNCTION client_due_old()",
    "CREATE TRIGGER client_requisites_due AFTER INSERT ON client_requisites"
    " REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION client_due_many()",
    "CREATE TRIGGER client_requisites_changed AFTER UPDATE OF inn, client_id ON client_requisites"
    " FOR EACH ROW WHEN (OLD.inn IS DISTINCT FROM NEW.inn OR OLD.client_id <> NEW.client_id)"
    " EXECUTE FUNCTION client_due_new()",
)
DOWN = (
    "DROP TRIGGER client_requisites_changed ON client_requisites",
    "DROP TRIGGER client_requisites_due ON client_requisites",
    "DROP TRIGGER contact_point_gone ON contact_point",
    "DROP TRIGGER identity_moved ON identity",
    "DROP TRIGGER identity_due ON identity",
    "DROP TRIGGER contact_point_moved ON contact_point",
    "DROP TRIGGER contact_point_due ON contact_point",
    "DROP TRIGGER client_rekeyed ON client",
    "DROP TRIGGER client_keyed ON client",
    "DROP FUNCTION client_due_new",
    "DROP FUNCTION client_due_old",
    "DROP FUNCTION client_due_many",
    "DROP FUNCTION client_key_one",
    "DROP FUNCTION client_key_many",
    "DROP INDEX identity_external",
    "DROP INDEX contact_point_inn",
    "DROP INDEX contact_point_domain",
    "DROP INDEX contact_point_box",
    "DROP TABLE client_due",
    "DROP TABLE client_name_key",
    "DROP FUNCTION client_name_keys",
)


class Migration(migrations.Migration):
    dependencies = [("crm", "0015_people")]

    initial = False

    operations = [
        ops.CreateModel(
            name='DuplicatePair',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('low_id', fields.BigIntField()),
                ('high_id', fields.BigIntField()),
                ('score', fields.SmallIntField()),
                ('reasons', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('known', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharField(db_default='open', max_length=16)),
                ('found_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by', fields.BigIntField(null=True)),
            ],
            options={'table': 'duplicate_pair', 'app': 'crm', 'indexes': [Index(fields=['high_id'], name='duplicate_pair_high'), PartialIndex(fields=['score', 'id'], name='duplicate_pair_open', condition={'state': 'open'})], 'pk_attr': 'id', 'table_description': 'Two cards that may be one, the lower id first; `reasons` are keys of `Why`.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='DuplicatePair',
            constraint=UniqueConstraint(fields=('low_id', 'high_id'), name='duplicate_pair_once'),
        ),
        ops.AddField(
            model_name='ClientMerge',
            name='chosen',
            field=fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.RunSQL(";\n".join(UP), reverse_sql=";\n".join(DOWN)),
    ]
