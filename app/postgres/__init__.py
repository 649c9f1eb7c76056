"""The embedded PostgreSQL: a private server made, started, watched and stopped by Pult itself."""

from app.postgres.check import check_server
from app.postgres.errors import PostgresRefused
from app.postgres.server import EmbeddedPostgres, attach

__all__ = ["EmbeddedPostgres", "PostgresRefused", "attach", "check_server"]
