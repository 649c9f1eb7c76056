"""Why a backup cannot be made or taken back, in one line."""

from crm_core.kernel.errors import Refused


class BackupRefused(Refused):
    """Nothing was written or changed; `str(error)` says why and what to do."""
