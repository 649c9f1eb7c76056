"""The one error of this package: something a person has to put right, told in one line."""

from crm_core.kernel.errors import Refused


class PostgresRefused(Refused):
    """The database cannot be used as it is; `str(error)` says why and what to do."""
