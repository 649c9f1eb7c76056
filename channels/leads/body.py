"""The stored shape of what a source has sent."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from channels.leads.config import Service


class LeadBody(BaseModel):
    """`data` as it came, by name; `id` names the lead within the account; `at`: when it came."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: Service
    source: str
    id: str
    at: AwareDatetime
    data: dict[str, Any]
