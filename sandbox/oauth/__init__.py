"""An OAuth 2 token service (RFC 6749, 6; RFC 7662) that forgets and refuses on demand."""

from sandbox.oauth.service import TokenService

__all__ = ["TokenService"]
