"""The reasons somebody has kept as a setting are items after the update, and back."""

from __future__ import annotations

import orjson

from crm_core.kernel import db, schema
from crm_core.requests.reasons import reasons
from tests.pg import PgServer

STEP, BEFORE = "0013_catalogues", "0012_voicebots"
SETTING = "SELECT value FROM setting WHERE key = 'request.reasons'"


async def test_kept_reasons_become_items_and_back(pg_server: PgServer) -> None:
    dsn = await pg_server.create_database()
    await db.open_db(dsn, pool=3)
    try:
        await schema.migrate(BEFORE)
        kept = orjson.dumps(["Дорого", "Spam", "Далеко"]).decode()
        await db.execute(
            "INSERT INTO setting (key, value) VALUES ('request.reasons', $1::jsonb)", kept
        )
        await schema.migrate(STEP)
        assert await reasons() == ("Дорого", "Spam", "Далеко")
        assert await db.fetchval(SETTING) is None
        await schema.migrate(BEFORE)
        assert orjson.loads(await db.fetchval(SETTING)) == ["Дорого", "Spam", "Далеко"]
    finally:
        await db.close_db()
        await pg_server.drop_database(dsn)
