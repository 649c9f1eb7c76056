"""Living channels of a call. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.kernel.i18n import N_
from telephony.contracts import Refusal

NOT_TALKING = N_("You do not speak in this call.")


@dataclass(frozen=True, slots=True)
class Lines:
    """Channels of a living call: the other side's, and our phones' by extension."""

    client: str | None = None
    phones: dict[str, str] = field(default_factory=dict)

    def own(self, extension: str | None) -> str:
        """The channel of the person who asks, or of whoever joined last."""
        if not self.phones:
            raise Refusal(NOT_TALKING)
        return self.phones.get(extension or "") or list(self.phones.values())[-1]
