"""Which sites may talk to a widget: the allow-list and the CORS headers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}


def origin_rule(text: str) -> str:
    """A site as an admin wrote it, in the form browsers send; raises ValueError."""
    parts = urlsplit(text.strip().lower())
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        message = f"“{text}” is not a site: write it like https://shop.example"
        raise ValueError(message)
    port = parts.port
    tail = "" if port in {None, PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{parts.hostname}{tail}"


def listed(origin: str, rules: Sequence[str]) -> bool:
    """Whether a site is on the list; `https://*.shop.example` stands for all below it."""
    try:
        site = origin_rule(origin)
    except ValueError:
        return False
    return any(site == rule or _below(site, rule) for rule in rules)


def _below(site: str, rule: str) -> bool:
    scheme, star, domain = rule.partition("://*.")
    return bool(star) and site.startswith(f"{scheme}://") and site.endswith(f".{domain}")


def admits(headers: Mapping[str, str], host: str, rules: Sequence[str]) -> bool:
    """Whether a call may be answered. Pages of this very server always may.

    Browsers leave `Origin` out only for reads within one site and then say so themselves.
    """
    if not rules:
        return True
    origin = headers.get("Origin")
    if origin is None:
        return headers.get("Sec-Fetch-Site") == "same-origin"
    return urlsplit(origin).netloc == host or listed(origin, rules)


def cors(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that let the admitted site read the answer; never with cookies."""
    found = {"Vary": "Origin"}
    if origin := headers.get("Origin"):
        found["Access-Control-Allow-Origin"] = origin
        found["Access-Control-Expose-Headers"] = "Retry-After"
    return found
