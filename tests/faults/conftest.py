"""One company per module: whatever hub survives a test works in the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.company import Company, company_of
from tests.pg import PgServer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(
    pg_server: PgServer, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Company]:
    """A company on a database of the module's own."""
    dsn = await pg_server.create_database(template=template)
    folder: Path = tmp_path_factory.mktemp("company")
    async with company_of(dsn, folder) as found:
        yield found
        assert found.world.violations == []
    await pg_server.drop_database(dsn)
