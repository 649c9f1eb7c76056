"""Search of clients by words: an index of whole words, and a dictionary that forgives typos."""

from tortoise import migrations
from tortoise.migrations import operations as ops

WORDS = "array_to_tsvector(string_to_array(folded, ' '))"
LIVE = "WHERE merged_into_id IS NULL"

# No unique key on `word`: two transactions that bring the same new word must not wait for each
# other. A word that stands there twice does no harm.
UP = (
    "DROP INDEX client_folded_trgm",
    f"CREATE INDEX client_words ON client USING gin ({WORDS}) {LIVE}",
    f"CREATE INDEX client_folded ON client (folded) {LIVE}",
    'CREATE TABLE client_word (word text COLLATE "C" NOT NULL)',
    "CREATE INDEX client_word_trgm ON client_word USING gin (word gin_trgm_ops)",
    "CREATE INDEX client_word_word ON client_word (word)",
    """
    CREATE FUNCTION client_learn_many() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO client_word (word)
        SELECT DISTINCT w.word FROM fresh, unnest(string_to_array(fresh.folded, ' ')) AS w(word)
        WHERE NOT EXISTS (SELECT 1 FROM client_word k WHERE k.word = w.word);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION client_learn_one() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO client_word (word)
        SELECT DISTINCT w.word FROM unnest(string_to_array(NEW.folded, ' ')) AS w(word)
        WHERE NOT EXISTS (SELECT 1 FROM client_word k WHERE k.word = w.word);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER client_added AFTER INSERT ON client REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION client_learn_many()",
    "CREATE TRIGGER client_renamed AFTER UPDATE OF folded ON client FOR EACH ROW"
    " WHEN (OLD.folded IS DISTINCT FROM NEW.folded) EXECUTE FUNCTION client_learn_one()",
    "INSERT INTO client_word (word)"
    " SELECT DISTINCT unnest(string_to_array(folded, ' ')) FROM client",
    "CREATE INDEX identity_username ON identity (lower(username)) WHERE username IS NOT NULL",
)
DOWN = (
    "DROP INDEX identity_username",
    "DROP TRIGGER client_renamed ON client",
    "DROP TRIGGER client_added ON client",
    "DROP FUNCTION client_learn_one",
    "DROP FUNCTION client_learn_many",
    "DROP TABLE client_word",
    "DROP INDEX client_folded",
    "DROP INDEX client_words",
    "CREATE INDEX client_folded_trgm ON client USING gin (folded gin_trgm_ops)"
    " WHERE merged_into_id IS NULL",
)


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_search")]

    initial = False

    operations = [
        ops.RunSQL(";\n".join(UP), reverse_sql=";\n".join(DOWN)),
    ]
