"""Limits and switches of one sandbox world; the defaults are those of the real service."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Config:
    """Sizes in bytes, times in seconds. Tests lower them instead of moving big data."""

    strict: bool = True
    rate_limits: bool = False
    max_text: int = 4096
    max_caption: int = 1024
    max_photo: int = 10 * MEGABYTE
    max_upload: int = 50 * MEGABYTE
    max_download: int = 20 * MEGABYTE
    file_link_ttl: float = 3600
    update_ttl: float = 86_400
    # The official server drops an undelivered callback_query after 150 s; no other is known.
    callback_ttl: float = 150
    delete_window: float = 48 * 3600
    poll_max_timeout: int = 50
    webhook_timeout: float = 60
