"""A bot's webhook as it is set, and the record of its deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.botapi.state import Json


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One attempt: which update, when (world's clock), HTTP status (0: no answer)."""

    update_id: int
    at: float
    status: int


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Settings of setWebhook; an empty `url` means none is set."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    next_set_at: float = 0.0
    last_error_at: float = 0.0
    last_error: str = ""
    gone_since: float = 0.0
    generation: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    def clear(self) -> None:
        self.url = self.secret = self.last_error = ""
        self.last_error_at = self.gone_since = 0.0
        self.generation += 1

    def info(self, pending: int, allowed: list[str] | None) -> Json:
        """A `WebhookInfo`."""
        body: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            body |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.last_error:
            body |= {
                "last_error_date": int(self.last_error_at),
                "last_error_message": self.last_error,
            }
        if allowed is not None:
            body["allowed_updates"] = allowed
        return body
